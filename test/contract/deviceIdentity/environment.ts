/** Runs a test with environment variables of its own. */
export async function withEnvironment(
	env: Readonly<Record<string, string>>,
	test: () => Promise<void>,
): Promise<void> {
	const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
	Object.assign(process.env, env);
	try {
		await test();
	} finally {
		for (const [name, value] of before) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
	}
}
