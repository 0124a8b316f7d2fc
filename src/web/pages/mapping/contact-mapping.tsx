import { useNavigate, useSearch } from '@tanstack/react-router';
import { SwitchSetting } from './choice.tsx';
import { ConfigurationPage } from './configuration-page.tsx';
import { contactTargets } from './mapping-targets.ts';
import { PartyMapping } from './party-mapping.tsx';

export function ContactMapping() {
  const { deal } = useSearch({
    from: '/app/settings/integrations/$connector/$connectionId/contact-mapping',
  });
  const navigate = useNavigate({
    from: '/settings/integrations/$connector/$connectionId/contact-mapping',
  });
  return (
    <ConfigurationPage intro="How contacts of the CRM become the customer’s contact people, or a customer where a deal has no company.">
      {(editor, schema) => (
        <PartyMapping
          editor={editor}
          schema={schema}
          section="contacts"
          objectType="contact"
          heading="Contact person"
          targets={contactTargets}
          deal={deal}
          pick={(next) => void navigate({ search: { deal: next }, replace: true, resetScroll: false })}
        >
          <section className="card" aria-labelledby="which">
            <h2 id="which">Whether</h2>
            <SwitchSetting
              editor={editor}
              path={['contacts', 'enabled']}
              label="Contacts of deals become contact people of the customer"
            />
          </section>
        </PartyMapping>
      )}
    </ConfigurationPage>
  );
}
