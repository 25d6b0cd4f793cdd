import core from '@text/en/core.json';
import crew from '@text/en/crew.json';
import error from '@text/en/error.json';

export default { ...core, ...error, ...crew };
