import desk from '@text/en/desk.json';
import crew from './crew-en';

export default { ...crew, ...desk };
