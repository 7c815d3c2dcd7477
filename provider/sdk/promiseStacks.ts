type PrepareStackTrace = NonNullable<typeof Error.prepareStackTrace>;

/**
 * Makes the stack traces cheap that Pulumi's SDK takes of every promise it creates, some dozens for each resource. Each resource class
 * calls this before `super()`, and the returned function after it.
 *
 * In a Pulumi program, ts-node looks up every frame of a stack trace in source maps, which takes more time than everything else that
 * a resource does. The SDK shows the stack traces of promises only with `PULUMI_DEBUG_PROMISE_LEAKS`, which keeps them here too. Every
 * other stack trace stays as it is: of an error with a message, of one whose stack is read later, such as those that the SDK creates in
 * advance, and of the positions of resources in the source, for which the SDK removes the limit of frames.
 *
 * @returns a function that restores the previous state
 */
export function omitPromiseStacks(): () => void {
	const previous = Error.prepareStackTrace;
	// Without a function, Node.js itself formats the stack trace, which is fast.
	if (typeof previous !== "function" || process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) return () => {};
	const prepare: PrepareStackTrace = (error, callSites) =>
		isPromiseStack(error) ? String(error) : previous(error, callSites);
	Error.prepareStackTrace = prepare;
	return () => {
		if (Error.prepareStackTrace === prepare) Error.prepareStackTrace = previous;
	};
}

function isPromiseStack(error: Error): boolean {
	return error.message === "" && Number.isFinite(Error.stackTraceLimit);
}
