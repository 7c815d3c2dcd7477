import type { Unwrap } from "@pulumi/pulumi";
import type { AutopilotIdentityArgs } from "../sdk/autopilotIdentity.ts";

/** What a user declared of a machine, resolved: nothing is an output any more. */
export type AutopilotInputs = Unwrap<AutopilotIdentityArgs>;

/** The inputs that can be changed on a registered machine. */
export const MANAGED_FIELDS = [
	"groupTag",
	"assignedUserPrincipalName",
	"addressableUserName",
	"displayName",
] as const;

/** An input that can be changed on a registered machine. */
export type ManagedField = (typeof MANAGED_FIELDS)[number];

/** Everything that can be changed on a registered machine, as it is to be; empty is none. */
export type ManagedValues = Readonly<Record<ManagedField, string>>;

/** The managed fields of some values; what is missing is empty. */
export function toManagedValues(values: Partial<AutopilotInputs>): ManagedValues {
	const entries = MANAGED_FIELDS.map((field) => [field, values[field] ?? ""]);
	return Object.fromEntries(entries) as Record<ManagedField, string>;
}

/** Whether the service sees both as the same; user principal names are compared without case. */
export function isSameManagedValue(field: ManagedField, one: string, other: string): boolean {
	return field === "assignedUserPrincipalName" ? one.toLowerCase() === other.toLowerCase() : one === other;
}
