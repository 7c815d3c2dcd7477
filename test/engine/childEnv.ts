/** The environment for programs and providers: ours without what speaks only to a test runner's children. */
export function createChildEnv(
	...more: readonly (Readonly<Record<string, string>> | undefined)[]
): Record<string, string | undefined> {
	const { NODE_TEST_CONTEXT: _, ...env } = process.env;
	return Object.assign({ ...env }, ...more);
}
