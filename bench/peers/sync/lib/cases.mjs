// Cases as a crew's replica holds them: the fields of Segnavia's own body of a
// team's scope, with about as many bytes.
import {random} from './random.mjs';

export const teamName = n => `t${n}`;

const words = 'buca strada lampione spento marciapiede rotto tombino albero caduto rifiuti segnale piegato acqua perdita grata scuola incrocio angolo davanti civico pericolo passanti'.split(' ');

export function cases(plan) {
  const rng = random(plan.seed);
  const text = n => Array.from({length: n}, () => rng.of(words)).join(' ');
  return Array.from({length: plan.issues}, (_, i) => ({
    id: `01890a5d-ac96-774b-bcce-${String(i).padStart(12, '0')}`,
    team: teamName(i % plan.teams),
    w: 0, // the write that made this state
    code: `2026-${String(i).padStart(6, '0')}`,
    service: '01890a5d-ac96-774b-bcce-b302099a8057',
    area: '01890a5d-ac96-774b-bcce-b302099a8058',
    title: text(5),
    description: text(18),
    status: 'assigned',
    priority: rng.of(['low', 'normal', 'high']),
    lon: 8.7 + rng.next() * 0.3,
    lat: 44.4 + rng.next() * 0.1,
    address: `Via ${text(2)} ${rng.below(200)}`,
    created: '2026-11-24T08:00:00Z',
    due: '2026-12-01T08:00:00Z',
  }));
}
