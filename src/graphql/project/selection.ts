import type { RequestReviews } from '../../authorization/request-reviews.ts';
import type { Namespace } from '../../kubernetes/resources.ts';
import { DISPLAY_NAME } from '../../model/labels-and-annotations.ts';
import { ROLE_RIGHTS } from '../../model/role-rights.ts';
import { searchable } from '../search-text.ts';

/** Everything that determines the list. Cursors are bound to it. */
export interface ProjectSelection {
  field: 'projects';
  /** As `searchOf` returns it. Empty: all projects. */
  search: string;
  order: { field: 'NAME' | 'CREATED_AT'; direction: 'ASC' | 'DESC' };
}

export function isFound({ metadata }: Namespace, search: string): boolean {
  return [metadata.name, metadata.annotations?.[DISPLAY_NAME] ?? ''].some((text) =>
    searchable(text).includes(search),
  );
}

/** The name comes last, so that no two projects have the same key. */
export function sortKey({ metadata }: Namespace, { order }: ProjectSelection): string[] {
  return order.field === 'NAME' ? [metadata.name] : [metadata.creationTimestamp, metadata.name];
}

/** Which projects the caller may list sessions in: one review for all of them, or one for each. */
export class VisibleProjects {
  readonly #reviews: Pick<RequestReviews, 'can' | 'mayView'>;
  #seesAll = false;
  #reviewed = 0;

  constructor(reviews: Pick<RequestReviews, 'can' | 'mayView'>) {
    this.#reviews = reviews;
  }

  /** Whether the caller may list the sessions of all namespaces, as far as that was reviewed. */
  get seesAll(): boolean {
    return this.#seesAll;
  }

  /** How many projects were reviewed, each by itself. */
  get reviewed(): number {
    return this.#reviewed;
  }

  async among(projects: Namespace[]): Promise<Namespace[]> {
    if (!this.#seesAll && projects.length > 1) {
      this.#seesAll = (await this.#reviews.can(ROLE_RIGHTS.view)).allowed;
    }
    if (this.#seesAll) return projects;
    this.#reviewed += projects.length;
    const decisions = await Promise.all(projects.map(({ metadata }) => this.#reviews.mayView(metadata.name)));
    return projects.filter((_, index) => decisions[index]);
  }
}
