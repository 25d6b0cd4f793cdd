import '../ui/fonts.css';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/parts.css';
import './desk.css';
import './phones.css';
import { render } from 'preact';
import { boot, listenForNetwork } from '../app/boot';
import { trust } from '../app/trusted';
import { keepShell } from '../app/worker';
import { speak } from '../text/catalogue';
import { bring } from '../text/desk';
import { Shell } from './Shell';

const kinds = ['desk', 'town'];

trust(location.origin);
void boot({ name: 'desk', wants: (scope) => kinds.includes(scope.split(':')[0] ?? '') });
listenForNetwork();
void keepShell();
void speak(bring).then(() => render(<Shell />, document.getElementById('app') as HTMLElement));
