import './citizen.css';
import { nearMe, showMap } from './list';
import { keepReceipt } from './receipt';
import { improveForm } from './report';

/** Every page is complete without this script: it only spares steps. */
document.getElementById('errors')?.focus();
improveForm();
keepReceipt();
nearMe();
showMap();
