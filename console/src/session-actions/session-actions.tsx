import { useQuery } from '@apollo/client/react';
import { useContext, useState } from 'react';
import { Menu, type MenuAction } from '../components/menu.tsx';
import {
  type SessionAction,
  type SessionActionsFragment,
  UnavailableActionsDocument,
  type UnavailableActionsQuery,
} from '../generated/graphql.ts';
import { access } from '../text/access.ts';
import { phases } from '../text/phases.ts';
import { sessionActions as text } from '../text/session-actions.ts';
import { SessionActionsContext } from './session-actions-context.ts';

const ORDER = ['START', 'STOP', 'CLONE', 'UPDATE', 'DELETE'] as const satisfies SessionAction[];

type Unavailable = NonNullable<NonNullable<UnavailableActionsQuery['session']>['unavailableActions']>[number];

interface SessionActionsProps {
  session: SessionActionsFragment;
  /** A button with three dots, for a row of a list. */
  isCompact?: boolean;
  /** False for the rows of a list that are reached by its arrow keys. */
  isTabStop?: boolean;
  /** Called after it was deleted from here. */
  onDeleted?: () => void;
}

/** All that can be done to a session, below a {@link SessionActionsProvider}. What cannot says why. */
export function SessionActions({ session, isCompact, isTabStop, onDeleted }: SessionActionsProps) {
  const [isOpen, setOpen] = useState(false);
  const { request } = useContext(SessionActionsContext);
  const { projectName: project, name, phase, availableActions } = session;
  // Read when somebody asks: of each row of a list they would be much.
  const { data, error } = useQuery(UnavailableActionsDocument, {
    variables: { project, name },
    skip: !isOpen,
    fetchPolicy: 'cache-and-network',
  });
  const unavailable = new Map(data?.session?.unavailableActions?.map((found) => [found.action, found]));
  const items = ORDER.map((action): MenuAction => {
    const isListed = availableActions?.includes(action) ?? false;
    const found = isListed ? undefined : unavailable.get(action);
    const isDenied = found?.remedy != null && (found.allowedInPhase || action === 'UPDATE');
    // Of what UPDATE stands for, the display name alone can be changed in each phase.
    const isAvailable = isListed || (action === 'UPDATE' && found?.remedy === null);
    return {
      id: action,
      label: text.actions[action],
      isDangerous: action === 'DELETE' && isAvailable,
      isMuted: isDenied,
      isDisabled: !isAvailable && !isDenied,
      ...(found &&
        !isAvailable && { description: isDenied ? denialOf(found) : text.notInPhase(phases[phase]) }),
      ...(error && !isListed && !found && { description: text.unknownReason }),
      onAction: () =>
        isDenied
          ? request({ kind: 'denied', session, action, remedy: found.remedy })
          : request({ kind: action, session, onDeleted }),
    };
  });
  return (
    <Menu
      label={text.labelOf(session.displayName ?? name)}
      trigger={text.menu}
      items={items}
      isCompact={isCompact ?? false}
      isTabStop={isTabStop ?? true}
      onOpenChange={setOpen}
    />
  );
}

function denialOf({ remedy }: Unavailable): string {
  return remedy?.projectRole ? text.needsRole(access.roles[remedy.projectRole]) : text.notPermitted;
}
