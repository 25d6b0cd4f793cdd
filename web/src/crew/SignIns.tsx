import { SignIn } from '../ui/SignIn';

/** A crew's phone is let in by a code or by name and password. */
export const First = () => <SignIn byCode />;

/** After a long absence, or on a phone that the town has ended. */
export const Again = () => <SignIn again byCode />;
