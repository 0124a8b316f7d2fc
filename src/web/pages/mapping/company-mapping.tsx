import { useNavigate, useSearch } from '@tanstack/react-router';
import { Choice, SwitchSetting } from './choice.tsx';
import { ConfigurationPage } from './configuration-page.tsx';
import { FilterBuilder } from './filter-builder.tsx';
import { companyTargets } from './mapping-targets.ts';
import { PartyMapping } from './party-mapping.tsx';

export function CompanyMapping() {
  const { deal } = useSearch({
    from: '/app/settings/integrations/$connector/$connectionId/company-mapping',
  });
  const navigate = useNavigate({
    from: '/settings/integrations/$connector/$connectionId/company-mapping',
  });
  return (
    <ConfigurationPage intro="Which companies of the CRM become customers, and which field becomes which.">
      {(editor, schema) => (
        <PartyMapping
          editor={editor}
          schema={schema}
          section="companies"
          objectType="company"
          heading="Customer"
          targets={companyTargets}
          deal={deal}
          pick={(next) => void navigate({ search: { deal: next }, replace: true, resetScroll: false })}
        >
          <section className="card" aria-labelledby="which">
            <h2 id="which">Which companies</h2>
            <SwitchSetting
              editor={editor}
              path={['companies', 'enabled']}
              label="Keep customers up to date with their companies"
            />
            <div className="columns">
              <Choice
                editor={editor}
                path={['companies', 'scope']}
                label="Companies become customers"
                options={[
                  { value: 'won_deals', label: 'when a deal of theirs makes a document' },
                  { value: 'filtered', label: 'when they pass the filter below' },
                  { value: 'all', label: 'always: every company of the CRM' },
                ]}
              />
              <Choice
                editor={editor}
                path={['deals', 'noCompany']}
                label="A deal without a company"
                options={[
                  { value: 'fail', label: 'fails, until it has one' },
                  { value: 'contact', label: 'takes its primary contact as a person customer' },
                  { value: 'placeholder', label: 'goes to one placeholder customer' },
                ]}
              />
            </div>
            {editor.settings.companies.scope === 'filtered' ? (
              <FilterBuilder
                editor={editor}
                path={['companies', 'filters']}
                label="Companies that pass"
                properties={schema.properties['company'] ?? []}
              />
            ) : null}
          </section>
        </PartyMapping>
      )}
    </ConfigurationPage>
  );
}
