import type { Unwrap } from "@pulumi/pulumi";
import type { AutopilotIdentityArgs } from "../sdk/autopilotIdentity.ts";

/** The inputs of a machine, resolved: none of them is an output. */
export type AutopilotInputs = Unwrap<AutopilotIdentityArgs>;

/** The names of the inputs that can be changed on a registered machine. */
export const MANAGED_FIELDS = [
	"groupTag",
	"assignedUserPrincipalName",
	"addressableUserName",
	"displayName",
] as const;

/** The name of an input that can be changed on a registered machine. */
export type ManagedField = (typeof MANAGED_FIELDS)[number];

/** The value of every managed field; an empty string means "not set". */
export type ManagedValues = Readonly<Record<ManagedField, string>>;

/** Picks the managed fields of some values; a missing field becomes an empty string. */
export function toManagedValues(values: Partial<AutopilotInputs>): ManagedValues {
	const entries = MANAGED_FIELDS.map((field) => [field, values[field] ?? ""]);
	return Object.fromEntries(entries) as Record<ManagedField, string>;
}

/** Whether the service treats both values as equal; user principal names are compared case-insensitively. */
export function isSameManagedValue(field: ManagedField, one: string, other: string): boolean {
	return field === "assignedUserPrincipalName" ? one.toLowerCase() === other.toLowerCase() : one === other;
}
