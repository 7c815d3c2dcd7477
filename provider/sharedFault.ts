/**
 * What an error concerns besides the object whose request met it, as its property `scope`:
 *
 * - `service`: every object of the service with these settings. No connection, a failed sign-in, an invalid setting, a refused key,
 *   a missing permission.
 * - `creations`: every object that is still to be created. The service holds as many objects as it may; others can still be changed
 *   and deleted.
 *
 * An error without a scope concerns one object.
 */
export type FaultScope = "service" | "creations";

/** An error that other objects would meet too. */
export interface SharedFault extends Error {
	readonly scope: FaultScope;
	/** Whether the user was shown the error. Later errors of the same fault then only refer to it. */
	isReported?: boolean;
}

const SCOPES: readonly unknown[] = ["service", "creations"] satisfies FaultScope[];

/** Whether the error itself is a fault that other objects would meet too. */
export function isSharedFault(error: unknown): error is SharedFault {
	return error instanceof Error && "scope" in error && SCOPES.includes(error.scope);
}

/** Finds the shared fault for which an operation failed, however its error is wrapped; undefined if its error concerns one object. */
export function findSharedFault(error: unknown): SharedFault | undefined {
	const seen = new Set<unknown>();
	for (let current = error; current instanceof Error && !seen.has(current); current = current.cause) {
		if (current instanceof RepeatedFault) return current.fault;
		if (isSharedFault(current)) return current;
		seen.add(current);
	}
	return undefined;
}

/** The fault that a {@link RepeatedFault} repeats, and the operation that met it. */
export interface FirstFault {
	readonly fault: SharedFault;
	/** The operation that met the fault first: `creating device "gw-1" in hub fleet.azure-devices.net`. */
	readonly operationName: string;
}

/** An operation failed for the fault of an earlier operation, or was not tried because of it. */
export class RepeatedFault extends Error {
	override readonly name = "RepeatedFault";
	readonly code = "SharedFault";
	readonly scope: FaultScope;
	readonly first: FirstFault;
	/** Whether nothing was sent to the service for the operation. */
	readonly isUntried: boolean;
	readonly #outcome: string;

	/** @param operationName the operation that this error is about: `creating device "gw-2" in hub fleet.azure-devices.net` */
	constructor(operationName: string, first: FirstFault, { isUntried }: { readonly isUntried: boolean }) {
		const outcome = `${operationName} ${isUntried ? "was not tried" : "failed"}`;
		super(
			`${outcome}: ${first.operationName} failed for a reason that concerns both. The error of that operation has the reason ` +
				"and the remedy.",
			{ cause: first.fault },
		);
		this.#outcome = outcome;
		this.scope = first.fault.scope;
		this.first = first;
		this.isUntried = isUntried;
	}

	/** The error of the operation that met the fault first. */
	get fault(): SharedFault {
		return this.first.fault;
	}

	/** Puts the message of the fault into this one, for a user who was not shown the fault itself. */
	includeFault(): void {
		this.message = `${this.#outcome}: ${this.fault.message}`;
	}
}
