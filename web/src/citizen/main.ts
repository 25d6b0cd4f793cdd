import './base.css';
import './frame.css';
import './danger.css';
import './controls.css';
import './home.css';
import './cards.css';
import './form.css';
import './case.css';
import './list.css';
import './words.css';
import './older.css';
import { keepPages, sendWhenBack } from './away';
import { nearMe, showMap } from './list';
import { showDrafts } from './mine';
import { keepReceipt } from './receipt';
import { improveForm } from './report';

/** Every page is complete without this script: it only spares steps, and one that fails
 * spares fewer. */
const steps = [
  () => document.getElementById('errors')?.focus(),
  improveForm,
  keepReceipt,
  nearMe,
  showMap,
  keepPages,
  () => sendWhenBack(showDrafts()),
];
for (const step of steps) {
  try {
    void Promise.resolve(step()).catch(console.error);
  } catch (err) {
    console.error(err);
  }
}
