import { inspect } from "node:util";

/** An error in every form in which a program may print it: its message, its stack, the causes, all of its properties, JSON. */
export function listPrintedForms(error: unknown): string[] {
	const all = { depth: null, showHidden: true, maxArrayLength: null, maxStringLength: null } as const;
	return [
		String(error),
		inspect(error, all),
		JSON.stringify(error, bare) ?? "",
		...causesOf(error).flatMap((cause) => [cause.message, cause.stack ?? ""]),
	];
}

/** What a logger makes of an error: all of its own properties, visible or not. */
function bare(_name: string, value: unknown): unknown {
	if (!(value instanceof Error)) return value;
	return Object.fromEntries(
		Object.getOwnPropertyNames(value).map((name) => [name, Reflect.get(value, name)]),
	);
}

function causesOf(error: unknown): Error[] {
	return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}
