import type { OperationSettings } from '../config/operation-settings.ts';
import { AutomaticQueries } from '../http/operations/automatic-queries.ts';
import type { OperationRules } from '../http/operations/document-resolver.ts';
import { OperationList } from '../http/operations/operation-list.ts';
import { TRIGGER_OPERATION } from './trigger-request.ts';

/** Which operations the API executes, by its settings. Errors: as those of OperationList. */
export function operationRules(settings: OperationSettings): OperationRules {
  const { listed, adHoc, automatic, introspection } = settings;
  return {
    // The pods of scheduled sessions need theirs, which no frontend sends.
    list: listed && new OperationList([...listed, { id: 'writ trigger', text: TRIGGER_OPERATION }]),
    adHoc,
    introspection,
    automatic: automatic ? new AutomaticQueries() : undefined,
  };
}
