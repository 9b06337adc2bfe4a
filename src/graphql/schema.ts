import './scalars.ts';
import './relay/node.ts';
import './viewer.ts';
import './project/type.ts';
import './project/query.ts';
import './runner-type.ts';
import './session/type.ts';
import './session/status.ts';
import './session/query.ts';
import './session/connection.ts';
import './session/relations.ts';
import './session/children.ts';
import './session/permissions.ts';
import './session/logs.ts';
import './session/create.ts';
import './session/start-stop.ts';
import './session/clone.ts';
import './session/update.ts';
import './session/delete.ts';
import './session/subscription.ts';
import './schedule/run.ts';
import { builder } from './builder.ts';

/** The complete schema. Each import above adds its types and fields to the builder. */
export const schema = builder.toSchema();
