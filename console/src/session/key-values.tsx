import { Fragment, useState } from 'react';
import { Button } from '../components/button.tsx';
import { Section } from '../components/section.tsx';
import type { SessionDetailFragment } from '../generated/graphql.ts';
import { session as text } from '../text/session.ts';

interface KeyValuesProps {
  title: string;
  items: SessionDetailFragment['labels'];
  /** The values are shown when somebody asks: others may look over their shoulder. */
  isHidden?: boolean;
}

/** Nothing without items. */
export function KeyValues({ title, items, isHidden = false }: KeyValuesProps) {
  const [isShown, setShown] = useState(!isHidden);
  if (items.length === 0) return null;
  return (
    <Section isPlain title={title}>
      <dl className="key-values">
        {items.map(({ key, value }) => (
          <Fragment key={key}>
            <dt>{key}</dt>
            <dd>{isShown ? value : text.variables.hidden}</dd>
          </Fragment>
        ))}
      </dl>
      {isHidden && (
        <Button variant="quiet" onPress={() => setShown(!isShown)}>
          {isShown ? text.variables.hide : text.variables.show}
        </Button>
      )}
    </Section>
  );
}
