import { RoleSelect } from '../access/role-select.tsx';
import type { FormErrors } from '../apollo/form-errors.ts';
import { Field } from '../components/field.tsx';
import { NumberField } from '../components/number-field.tsx';
import { RowsField } from '../components/rows-field.tsx';
import { settings } from '../text/settings.ts';
import type { SettingsValues } from './settings-values.ts';

const text = settings.defaults;

interface SettingsFieldsProps {
  values: SettingsValues;
  update(changes: Partial<SettingsValues>): void;
  errors: FormErrors;
  mcpServers: unknown;
  isReadOnly: boolean;
}

export function SettingsFields({ values, update, errors, mcpServers, isReadOnly }: SettingsFieldsProps) {
  return (
    <>
      <NumberField
        label={text.inactivity}
        hint={text.inactivityHint}
        value={values.inactivityTimeoutSeconds}
        onChange={(inactivityTimeoutSeconds) => update({ inactivityTimeoutSeconds })}
        error={errors.at('inactivityTimeoutSeconds')}
        isReadOnly={isReadOnly}
      />
      <Field
        label={text.secretsName}
        hint={text.secretsNameHint}
        value={values.runnerSecretsName}
        onChange={(runnerSecretsName) => update({ runnerSecretsName })}
        error={errors.at('runnerSecretsName')}
        isReadOnly={isReadOnly}
      />
      <RowsField
        label={text.repositories}
        hint={text.repositoriesHint}
        items={values.repositories}
        onChange={(repositories) => update({ repositories })}
        empty={{ url: '', branch: '', provider: '' }}
        rowLabel={text.repository}
        addLabel={text.addRepository}
        removeLabel={text.removeRepository}
        error={errors.at('repositories')}
        isDisabled={isReadOnly}
      >
        {({ url, branch, provider }, change, index) => (
          <>
            <Field
              label={text.url}
              value={url}
              onChange={(next) => change({ url: next })}
              error={errors.at(`repositories.${index}.url`)}
              isReadOnly={isReadOnly}
              isRequired
            />
            <Field
              label={text.branch}
              value={branch}
              onChange={(next) => change({ branch: next })}
              error={errors.at(`repositories.${index}.branch`)}
              isReadOnly={isReadOnly}
            />
            <Field
              label={text.provider}
              value={provider}
              onChange={(next) => change({ provider: next })}
              error={errors.at(`repositories.${index}.provider`)}
              isReadOnly={isReadOnly}
            />
          </>
        )}
      </RowsField>
      <RowsField<SettingsValues['groupAccess'][number]>
        label={text.groups}
        hint={text.groupsHint}
        items={values.groupAccess}
        onChange={(groupAccess) => update({ groupAccess })}
        empty={{ groupName: '', role: 'VIEW' }}
        rowLabel={text.groupRow}
        addLabel={text.addGroup}
        removeLabel={text.removeGroup}
        error={errors.at('groupAccess')}
        isDisabled={isReadOnly}
      >
        {({ groupName, role }, change, index) => (
          <>
            <Field
              label={text.group}
              value={groupName}
              onChange={(next) => change({ groupName: next })}
              error={errors.at(`groupAccess.${index}.groupName`)}
              isReadOnly={isReadOnly}
              isRequired
            />
            <RoleSelect
              label={text.role}
              value={role}
              onChange={(next) => change({ role: next })}
              error={errors.at(`groupAccess.${index}.role`)}
              isDisabled={isReadOnly}
            />
          </>
        )}
      </RowsField>
      {mcpServers !== null && mcpServers !== undefined && (
        <details>
          <summary>{text.mcpServers}</summary>
          <p className="field-hint">{text.mcpServersHint}</p>
          <pre>{JSON.stringify(mcpServers, null, 2)}</pre>
        </details>
      )}
    </>
  );
}
