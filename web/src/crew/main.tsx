import '../ui/fonts.css';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/parts.css';
import './crew.css';
import { render } from 'preact';
import { boot, listenForNetwork } from '../app/boot';
import { trust } from '../app/trusted';
import { keepShell } from '../app/worker';
import { Shell } from './Shell';

const kinds = ['team', 'own', 'town'];

trust(location.origin);
void boot({ name: 'crew', wants: (scope) => kinds.includes(scope.split(':')[0] ?? '') });
listenForNetwork();
void keepShell();
render(<Shell />, document.getElementById('app') as HTMLElement);
