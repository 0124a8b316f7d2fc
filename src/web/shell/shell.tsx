import { ActionIcon } from '@mantine/core';
import { IconFlask2, IconMenu2, IconX } from '@tabler/icons-react';
import { Link, Outlet } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { AccountMenu, ColorSchemeToggle } from './account-menu.tsx';
import { useBooksScope } from './books-scope.ts';
import { EntitySwitch } from './entity-switch.tsx';
import { Navigation } from './navigation.tsx';
import { SearchBox } from './search-box.tsx';
import { useFocusOnNavigation } from './focus-on-navigation.ts';

export function Shell() {
  const scope = useBooksScope();
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  useFocusOnNavigation();
  useEffect(() => {
    if (!isMenuOpen) return;
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setIsMenuOpen(false);
    };
    document.addEventListener('keydown', close);
    return () => document.removeEventListener('keydown', close);
  }, [isMenuOpen]);
  return (
    <div className="shell" data-menu={isMenuOpen ? 'open' : 'closed'}>
      <a className="skip-link" href="#main">
        Skip to the page
      </a>
      {scope.mode === 'test' ? <div className="test-stripe" /> : null}
      <header className="topbar">
        <ActionIcon
          className="menu-button"
          variant="subtle"
          color="gray"
          size={32}
          aria-label={isMenuOpen ? 'Close the menu' : 'Open the menu'}
          aria-expanded={isMenuOpen}
          aria-controls="navigation"
          onClick={() => setIsMenuOpen(!isMenuOpen)}
        >
          {isMenuOpen ? <IconX size={18} aria-hidden="true" /> : <IconMenu2 size={18} aria-hidden="true" />}
        </ActionIcon>
        <EntitySwitch />
        {scope.mode === 'test' ? (
          <span className="test-badge" title="Test data: nothing here is in the live books">
            <IconFlask2 size={15} aria-hidden="true" /> TEST
            <span className="visually-hidden"> data: nothing here is in the live books</span>
          </span>
        ) : null}
        <span className="topbar-space" />
        <SearchBox />
        <ColorSchemeToggle />
        <AccountMenu />
      </header>
      <nav id="navigation" className="sidebar" aria-label="Main">
        <Link to="/" className="brand" onClick={() => setIsMenuOpen(false)}>
          <img src="/icon.svg" width={24} height={24} alt="" /> Tributary
        </Link>
        <Navigation onFollow={() => setIsMenuOpen(false)} />
      </nav>
      {isMenuOpen ? (
        <button
          type="button"
          className="menu-backdrop"
          aria-label="Close the menu"
          onClick={() => setIsMenuOpen(false)}
        />
      ) : null}
      <main id="main" className="page" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
