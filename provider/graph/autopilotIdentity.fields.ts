import { fingerprint } from "../auth/fingerprint.ts";
import type { Facet, Fields } from "../lifecycle/kind.ts";
import { flag, oneOf, text } from "../lifecycle/rules.ts";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";
import { hardwareIdentifierFault } from "./hardwareIdentifier.ts";

/**
 * How each input of a machine behaves, with the rules that one value can break alone ("Manually register devices with
 * Windows Autopilot", Microsoft Learn; what the service was seen to refuse).
 */
export const AUTOPILOT_FIELDS: Fields<AutopilotInputs> = {
	serialNumber: { role: "identity", remembered: true, facets: remembered, rule: text(serialNumberFault) },
	hardwareIdentifier: {
		role: "identity",
		remembered: true,
		secret: true,
		facets: remembered,
		rule: text(hardwareIdentifierFault),
	},
	productKey: { role: "identity", remembered: true, facets: remembered, rule: text() },
	groupTag: { role: "managed", rule: text(groupTagFault) },
	assignedUserPrincipalName: { role: "managed", facets: nameFacets, rule: text(userFault) },
	addressableUserName: { role: "managed", rule: text() },
	displayName: { role: "managed", rule: text(displayNameFault) },
	importId: { role: "policy", rule: text(importIdFault) },
	adopt: { role: "policy", rule: flag() },
	onDrift: { role: "policy", rule: oneOf(["reconcile", "fail"]) },
};

/** The longest group tag that Intune takes. */
const LONGEST_TAG = 2048;
/** A character that neither a firmware nor a portal can have meant. */
const CONTROL = /\p{Cc}/u;

function serialNumberFault(serial: string): string | undefined {
	if (serial === "") return "is empty; declare the machine's serial number";
	if (serial.trim() === "") return "is blank; declare the machine's serial number";
	return CONTROL.test(serial)
		? "has a control character in it; declare it as the firmware tells it"
		: undefined;
}

function groupTagFault(tag: string): string | undefined {
	if (tag.length > LONGEST_TAG)
		return `has ${tag.length} characters; Intune keeps at most ${LONGEST_TAG}, shorten it`;
	return CONTROL.test(tag) ? "has a control character in it; use printable ones" : undefined;
}

function displayNameFault(name: string): string | undefined {
	if (name === "" || /^(?!\d+$)[A-Za-z0-9-]{1,15}$/.test(name)) return undefined;
	const shown = JSON.stringify(name);
	if (name.length > 15) return `${shown} has ${name.length} characters; a computer's name has at most 15`;
	if (/^\d+$/.test(name))
		return `${shown} has digits alone; a computer's name needs a letter or a hyphen too`;
	return `${shown} has characters that no computer's name has; use letters, digits and hyphens`;
}

function userFault(user: string): string | undefined {
	if (user === "" || /^[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+$/.test(user)) return undefined;
	return `${JSON.stringify(user)} is no user principal name; write it like ada@contoso.com, with a domain of the tenant`;
}

function importIdFault(id: string): string | undefined {
	if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return undefined;
	return `${JSON.stringify(id)} is no GUID; leave it out, and one is made from what identifies the machine`;
}

function remembered(value: unknown, path: string): readonly Facet[] {
	return value === "" ? [] : [{ path, value: fingerprint(String(value)), secret: true }];
}

/** User principal names are the same in any case. */
function nameFacets(value: unknown, path: string): readonly Facet[] {
	return [{ path, value: String(value).toLowerCase() }];
}
