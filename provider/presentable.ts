import { PartialError } from "./lifecycle/errors.ts";

/** What the error's reader must be told besides its message. */
interface Origin {
	/** The type of the resource: `DeviceIdentity`. */
	readonly title: string;
	/** The stored text of the resource, which must be among the properties of a half-made object. */
	readonly provider: unknown;
}

/**
 * Makes an error fit for Pulumi's provider host, which prints `${error}: ${error.stack}` for some methods and sends
 * the message for others: what the world did is told in one sentence without a stack; a fault of ours keeps it.
 */
export function presentable(error: unknown, { title, provider }: Origin): unknown {
	if (!(error instanceof Error)) return error;
	if (error instanceof PartialError) error.properties["__provider"] = provider;
	if (isFault(error)) return error;
	error.stack = error.message;
	return Object.defineProperty(error, "toString", { value: () => title });
}

function isFault(error: Error): boolean {
	return (
		error instanceof TypeError ||
		error instanceof RangeError ||
		error instanceof ReferenceError ||
		error instanceof SyntaxError
	);
}
