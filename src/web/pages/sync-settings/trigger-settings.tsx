import { TextInput } from '@mantine/core';
import type { Trigger } from '../../../model/configuration.ts';
import { Choice } from '../mapping/choice.tsx';
import { PropertySelect, type SourceProperty } from '../mapping/property-select.tsx';
import type { LoadedEditor } from '../mapping/use-configuration-draft.ts';

interface TriggerSettingsProps {
  readonly editor: LoadedEditor;
  readonly properties: readonly SourceProperty[];
}

/** What makes a document: the stage, a property, or both together. */
export function TriggerSettings({ editor, properties }: TriggerSettingsProps) {
  const { trigger } = editor.settings.deals;
  const change = (part: Partial<Trigger>): void => editor.set(['deals', 'trigger'], { ...trigger, ...part });
  return (
    <div className="stack-tight">
      <Choice
        editor={editor}
        path={['deals', 'trigger', 'on']}
        label="A document is made when the deal"
        options={[
          { value: 'stage', label: 'is in a stage that makes it' },
          { value: 'property', label: 'has a property with a certain value' },
          { value: 'stage_and_property', label: 'has both' },
        ]}
      />
      {trigger.on === 'stage' ? null : (
        <>
          <PropertySelect
            label="Property that means ready"
            labelShown
            properties={properties}
            disabled={editor.readOnly}
            value={trigger.property ?? ''}
            change={(property) => change({ property })}
          />
          <TextInput
            label="Its value that means ready"
            placeholder="true"
            disabled={editor.readOnly}
            value={trigger.equals ?? ''}
            onChange={(event) => change({ equals: event.currentTarget.value })}
          />
        </>
      )}
    </div>
  );
}
