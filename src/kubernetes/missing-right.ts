import { Forbidden } from '../errors.ts';
import type { ResourceAttributes } from './resource-attributes.ts';

/** FORBIDDEN because the authorizer does not allow the caller this, so that a role would. */
export class MissingRight extends Forbidden {
  readonly attributes: ResourceAttributes;

  /** @param because why the authorizer denies it, if it says so */
  constructor(message: string, attributes: ResourceAttributes, because?: string | null) {
    super(message, { ...attributes, ...(because && { because }) });
    this.attributes = attributes;
  }
}
