/**
 * The objects that an error affects besides the one whose request failed, as the error's property `scope`:
 *
 * - `service`: every object of the service with these settings. Examples: no connection, a failed sign-in, an invalid setting, a
 *   rejected key, a missing permission.
 * - `creations`: every object that is still to be created. The service has reached its maximum number of objects; existing objects
 *   can still be changed and deleted.
 *
 * An error without a scope affects one object only.
 */
export type FaultScope = "service" | "creations";

/** An error that would also fail the operations of other objects. */
export interface SharedFault extends Error {
	readonly scope: FaultScope;
	/** Whether the user has seen the error. Later errors with the same fault then only refer to it. */
	isReported?: boolean;
}

const SCOPES: readonly unknown[] = ["service", "creations"] satisfies FaultScope[];

/** Whether the error itself is a shared fault, not one that wraps it. */
export function isSharedFault(error: unknown): error is SharedFault {
	return error instanceof Error && "scope" in error && SCOPES.includes(error.scope);
}

/** Returns the shared fault that made an operation fail, however it is wrapped; undefined if the error affects one object only. */
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

/** The error of an operation that failed with the shared fault of an earlier one, or was not tried because of it. */
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
			`${outcome}: ${first.operationName} failed for a reason that affects both. See the error of that operation for the reason ` +
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

	/** Includes the message of the fault in this one, for a user who has not seen the fault itself. */
	includeFault(): void {
		this.message = `${this.#outcome}: ${this.fault.message}`;
	}
}
