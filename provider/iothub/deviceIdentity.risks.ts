import { facetsOf } from "../lifecycle/facets.ts";
import type { Risk } from "../lifecycle/guard.ts";
import type { Facet, Values } from "../lifecycle/kind.ts";
import { lastDeclared } from "../lifecycle/record.ts";
import { DEVICE_FIELDS } from "./deviceIdentity.fields.ts";
import { ROTATIONS } from "./deviceIdentity.rotation.ts";

/**
 * What these inputs would do to a device that a stack may limit. Credentials are compared with what is known of those that the device has; what is not
 * declared is not changed.
 */
export function risks(outputs: Values, inputs: Values): readonly Risk[] {
	const known = new Map([
		...facetsOf(DEVICE_FIELDS, outputs),
		...storedKeys(outputs),
		...lastDeclared(DEVICE_FIELDS, outputs),
	]);
	const changes = [...facetsOf(DEVICE_FIELDS, inputs).values()].some(
		({ path, value }) => path.startsWith("authentication.") && (known.get(path)?.value ?? "") !== value,
	);
	return [
		...(inputs["status"] === "disabled" && outputs["status"] !== "disabled" ? (["disable"] as const) : []),
		...(changes || ROTATIONS.isDue(outputs, inputs) ? (["changeKeys"] as const) : []),
	];
}

/** The keys that state keeps, as facets of the input by which they would be declared. */
function storedKeys({ primaryKey, secondaryKey }: Values): ReadonlyMap<string, Facet> {
	return facetsOf(DEVICE_FIELDS, { authentication: { symmetricKey: { primaryKey, secondaryKey } } });
}
