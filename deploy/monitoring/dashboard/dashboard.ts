import { FAIRNESS, GUARD, OPERATIONS_ROW, OVERVIEW } from './api-rows.ts';
import { CONTROLLER, KUBERNETES, MEMORY, PROCESS } from './other-rows.ts';
import type { Panel, Row } from './panel.ts';

export const ROWS: Row[] = [
  OVERVIEW,
  OPERATIONS_ROW,
  KUBERNETES,
  GUARD,
  FAIRNESS,
  MEMORY,
  PROCESS,
  CONTROLLER,
];

/** Whoever imports the dashboard chooses its data source. */
const datasource = { type: 'prometheus', uid: '$datasource' };
const WIDTH = 24;

/** Grafana's JSON of the dashboard: https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/ */
export function dashboard() {
  return {
    uid: 'writ',
    title: 'Writ',
    description: 'Made by `npm run dashboard` from deploy/monitoring/dashboard.',
    tags: ['writ'],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    timezone: 'browser',
    time: { from: 'now-3h', to: 'now' },
    refresh: '30s',
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
        variable('namespace', 'Namespace', 'label_values(writ_build_info, namespace)'),
        variable('pod', 'Pod', 'label_values(writ_build_info{namespace=~"$namespace"}, pod)'),
      ],
    },
    panels: placed(ROWS),
  };
}

function variable(name: string, label: string, query: string) {
  return {
    name,
    label,
    type: 'query',
    datasource,
    query: { query, refId: name },
    definition: query,
    // When the time range changes: pods come and go.
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.+',
    current: { selected: true, text: ['All'], value: ['$__all'] },
  };
}

/** Rows of three panels, or six small ones, with a title. */
function placed(rows: Row[]) {
  let id = 0;
  let y = 0;
  return rows.flatMap(({ title, panels }) => {
    const isSmall = panels.every(({ type }) => type === 'stat');
    const size = isSmall ? { w: 4, h: 4 } : { w: 8, h: 8 };
    const perLine = WIDTH / size.w;
    const heading = {
      id: ++id,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: WIDTH, h: 1 },
      panels: [],
    };
    y += 1;
    const shown = panels.map((panel, index) => ({
      id: ++id,
      ...panelJson(panel),
      gridPos: { x: (index % perLine) * size.w, y: y + Math.floor(index / perLine) * size.h, ...size },
    }));
    y += Math.ceil(panels.length / perLine) * size.h;
    return [heading, ...shown];
  });
}

function panelJson({ title, description, type = 'timeseries', unit, queries, isStacked, redFrom }: Panel) {
  const steps = [
    { color: 'green', value: null },
    ...(redFrom === undefined ? [] : [{ color: 'red', value: redFrom }]),
  ];
  const custom = isStacked
    ? { fillOpacity: 20, stacking: { mode: 'normal', group: 'A' } }
    : { fillOpacity: 0, ...(redFrom !== undefined && { thresholdsStyle: { mode: 'line' } }) };
  return {
    title,
    description,
    type,
    datasource,
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource,
      expr,
      legendFormat,
      ...(type === 'stat' && { instant: true }),
    })),
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        thresholds: { mode: 'absolute', steps },
        ...(type === 'timeseries' && { custom }),
      },
      overrides: [],
    },
    options:
      type === 'timeseries'
        ? {
            legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
            tooltip: { mode: 'multi', sort: 'desc' },
          }
        : { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value', graphMode: 'none' },
  };
}

/** As the file has it. */
export const dashboardText = () => `${JSON.stringify(dashboard(), null, 2)}\n`;
