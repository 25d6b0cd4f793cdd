import core from '@text/it/core.json';
import crew from '@text/it/crew.json';
import error from '@text/it/error.json';

export default { ...core, ...error, ...crew };
