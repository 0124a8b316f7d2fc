import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useApiMutation } from '../../api/query.ts';
import { Problem } from '../../parts/note.tsx';
import { usePageTitle } from '../../parts/page-header.tsx';

export function SignInPage() {
  usePageTitle('Sign in');
  const { from } = useSearch({ from: '/sign-in' });
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const router = useRouter();
  const queryClient = useQueryClient();
  const signIn = useApiMutation('signIn', {
    onDone: () => {
      queryClient.clear();
      // Only an address of this page is followed: `//elsewhere.example` would leave it.
      router.history.push(from && /^\/(?![/\\])/.test(from) ? from : '/');
    },
  });
  return (
    <main className="sign-in">
      <form
        className="card stack"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate({ body: { email: email.trim(), password } });
        }}
      >
        <div>
          <img src="/icon.svg" width={36} height={36} alt="" />
          <h1 style={{ margin: '0.75rem 0 0.15rem' }}>Sign in to Tributary</h1>
          <p className="soft" style={{ margin: 0 }}>
            Won deals in the CRM become draft invoices in the books.
          </p>
        </div>
        <Problem error={signIn.error} />
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={signIn.isPending} fullWidth>
          Sign in
        </Button>
        <p className="soft small" style={{ margin: 0 }}>
          The first start printed the address and password of the first user on the terminal.
        </p>
      </form>
    </main>
  );
}
