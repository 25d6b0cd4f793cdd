import desk from '@text/it/desk.json';
import crew from './crew-it';

export default { ...crew, ...desk };
