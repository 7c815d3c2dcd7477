import { asString, type Values } from "../values.ts";
import {
	isSameManagedValue,
	MANAGED_FIELDS,
	type ManagedField,
	type ManagedValues,
	toManagedValues,
} from "./autopilotIdentity.inputs.ts";
import type { LiveMachine } from "./autopilotIdentity.wire.ts";
import { hasUnreadUser, markUnreadUser } from "./contentEtag.ts";
import type { MachineUpdate } from "./strategy.ts";

/**
 * Returns a machine that shows no user as one with the user that state has, if Graph never showed the user since accepting it
 * (microsoft-graph-docs#21530: it may always be empty). Any other machine is returned as it is.
 *
 * @param outputs the outputs in state
 */
export function restoreUnreadUser(live: LiveMachine, outputs: Values): LiveMachine {
	const user = asString(outputs["assignedUserPrincipalName"]) ?? "";
	const isUnread = hasUnreadUser(asString(outputs["etag"]) ?? "");
	return isUnread && user !== "" && !live.values.assignedUserPrincipalName ? assumeUser(live, user) : live;
}

/** Returns a machine that shows no user with this user, and with the mark at its etag. */
export function assumeUser(live: LiveMachine, user: string): LiveMachine {
	const etag = markUnreadUser(live.etag);
	return { ...live, etag, values: { ...live.values, assignedUserPrincipalName: user } };
}

/**
 * Whether a machine is as an update leaves it, except that it shows no user. If it showed one before the update, the user was removed by
 * somebody else.
 */
export function lacksOnlyUser(
	{ from, to }: MachineUpdate,
	live: LiveMachine,
	fields: readonly ManagedField[],
): boolean {
	const current = toManagedValues(live.values);
	const isOther = (field: ManagedField): boolean => field !== "assignedUserPrincipalName";
	const others = MANAGED_FIELDS.filter((field) => isOther(field) && fields.includes(field));
	return (
		mayBeUnread({ from, to }, current) &&
		others.every((field) => isSameManagedValue(field, current[field], to[field]))
	);
}

/** Whether a missing user can be one that an update assigned and that Graph does not show. */
export function mayBeUnread({ from, to }: MachineUpdate, current: ManagedValues): boolean {
	const wasShown = !!from.values.assignedUserPrincipalName && !hasUnreadUser(from.etag);
	return current.assignedUserPrincipalName === "" && to.assignedUserPrincipalName !== "" && !wasShown;
}

/** What a process knows of a tenant that does not show users. */
export class UnreadUsers {
	readonly #warn: (text: string) => void;
	#isKnown = false;

	constructor(warn: (text: string) => void) {
		this.#warn = warn;
	}

	/** Whether the service showed no user after accepting one. */
	get isKnown(): boolean {
		return this.#isKnown;
	}

	/** Registers that it did, and warns the first time. */
	note(machineLabel: string): void {
		if (this.#isKnown) return;
		this.#isKnown = true;
		this.#warn(
			`Autopilot: Graph accepted the user of ${machineLabel} and shows none. Some tenants never show users, so the user counts as ` +
				"assigned until Graph shows another one; check it in Intune. This is reported once and applies to all machines",
		);
	}
}
