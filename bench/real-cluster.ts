import { findBinaries } from '../test/cluster/binaries.ts';
import { startSeededControlPlane } from '../test/cluster/seed.ts';
import { announce } from './announce.ts';

/** Runs etcd, kube-apiserver and kube-controller-manager, with all that deploy/ installs, and without pods. */
const binaries = await findBinaries((line) => process.stderr.write(`${line}\n`));
const controlPlane = await startSeededControlPlane({ binaries, demo: false, runner: false });
const { version } = controlPlane;
announce(controlPlane, { version, apiServerPid: controlPlane.apiServerPid() ?? Number.NaN });
