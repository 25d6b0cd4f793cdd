import '../ui/fonts.css';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/parts.css';
import './crew.css';
import './enter.css';
import './sun.css';
import { render } from 'preact';
import { boot, listenForNetwork } from '../app/boot';
import { listenForInstall } from '../app/install';
import { trust } from '../app/trusted';
import { keepShell } from '../app/worker';
import { speak } from '../text/catalogue';
import { bring } from '../text/crew';
import { words } from './begun';
import { Shell } from './Shell';
import { tellReceipts } from './tell';

const kinds = ['team', 'own', 'town'];

trust(location.origin);
void boot({ name: 'crew', wants: (scope) => kinds.includes(scope.split(':')[0] ?? ''), words });
listenForNetwork();
listenForInstall();
tellReceipts();
void keepShell();
void speak(bring).then(() => render(<Shell />, document.getElementById('app') as HTMLElement));
