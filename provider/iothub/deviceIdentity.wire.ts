import { members, textOf, textsOf } from "../http/json.ts";
import type { Live } from "../lifecycle/kind.ts";
import { type DeviceCodec, type DeviceWrite, frameOf } from "./deviceIdentity.codec.ts";
import type { DeviceAuthentication, DeviceInputs } from "./deviceIdentity.inputs.ts";
import { timeOf } from "./times.ts";

/**
 * The dialect of api-version 2021-04-12. A PUT replaces the device whole: whatever a body leaves out is reset, so an
 * update carries every member, the keys above all ("Devices – Create Or Update Identity", and what the service does).
 */
export const wire2021: DeviceCodec = {
	apiVersion: "2021-04-12",
	hasTwins: true,
	encodeNew: (desired) => body(desired, parentOf(desired)),
	encodeUpdates: (desired, base) => updates(desired, base),
	decode,
};

/** What a parent looks like in a body: leaves have it in `deviceScope`, gateways in `parentScopes`. */
type Scopes = Pick<DeviceInputs, "deviceScope" | "parentScopes">;

function body(desired: DeviceInputs, scopes: Scopes): object {
	const { deviceId, status, statusReason, authentication, capabilities } = desired;
	return {
		deviceId,
		...(status === undefined ? {} : { status }),
		...(statusReason === undefined ? {} : { statusReason }),
		...(authentication === undefined ? {} : { authentication: encodeAuthentication(authentication) }),
		...(capabilities?.iotEdge === undefined ? {} : { capabilities: { iotEdge: capabilities.iotEdge } }),
		...scopes,
	};
}

function parentOf({ deviceScope, parentScopes }: DeviceInputs): Scopes {
	return {
		...(deviceScope === undefined ? {} : { deviceScope }),
		...(parentScopes === undefined ? {} : { parentScopes }),
	};
}

/** A gateway's own scope must be echoed, and can't be taken off in the same write that names a new parent. */
function updates(desired: DeviceInputs, base: Live<DeviceInputs>): readonly DeviceWrite[] {
	const own = textOf(base.facts["deviceScope"]) ?? "";
	const was = base.values.capabilities?.iotEdge === true;
	const { deviceScope = "", parentScopes = [] } = desired;
	const write = (scopes: Scopes, leads = desired): DeviceWrite => ({ body: body(desired, scopes), leads });
	if (desired.capabilities?.iotEdge === true) return [write({ deviceScope: was ? own : "", parentScopes })];
	if (!was) return [write({ deviceScope })];
	if (deviceScope === "") return [write({ deviceScope: own })];
	const { deviceScope: _, ...orphaned } = desired;
	return [write({ deviceScope: own }, orphaned), write({ deviceScope })];
}

function encodeAuthentication({ type, symmetricKey, x509Thumbprint }: DeviceAuthentication): object {
	return {
		type,
		...(symmetricKey === undefined ? {} : { symmetricKey }),
		...(x509Thumbprint === undefined ? {} : { x509Thumbprint }),
	};
}

function decode(json: unknown, now: number | undefined): Live<DeviceInputs> | undefined {
	const frame = frameOf(json, now);
	if (frame === undefined) return undefined;
	const { device, deviceId, generationId, live } = frame;
	return { ...live, values: valuesOf(device, deviceId), facts: factsOf(device, generationId) };
}

function valuesOf(device: Readonly<Record<string, unknown>>, deviceId: string): Partial<DeviceInputs> {
	const iotEdge = members(device["capabilities"])["iotEdge"] === true;
	const statusReason = textOf(device["statusReason"]);
	const scope = textOf(device["deviceScope"]);
	const parents = textsOf(device["parentScopes"]);
	return {
		deviceId,
		status: device["status"] === "disabled" ? "disabled" : "enabled",
		...(statusReason ? { statusReason } : {}),
		authentication: decodeAuthentication(device["authentication"]),
		capabilities: { iotEdge },
		...(iotEdge && parents.length > 0 ? { parentScopes: parents } : {}),
		...(!iotEdge && scope ? { deviceScope: scope } : {}),
	};
}

function factsOf(
	device: Readonly<Record<string, unknown>>,
	generationId: string,
): Live<DeviceInputs>["facts"] {
	const parents = textsOf(device["parentScopes"]);
	return {
		generationId,
		deviceScope: textOf(device["deviceScope"]) || undefined,
		parentScopes: parents.length > 0 ? parents : undefined,
		statusUpdatedTime: timeOf(device["statusUpdatedTime"]),
		connectionState: textOf(device["connectionState"]),
		connectionStateUpdatedTime: timeOf(device["connectionStateUpdatedTime"]),
		lastActivityTime: timeOf(device["lastActivityTime"]),
		cloudToDeviceMessageCount: device["cloudToDeviceMessageCount"],
	};
}

function decodeAuthentication(json: unknown): DeviceAuthentication {
	const { type, symmetricKey, x509Thumbprint } = members(json);
	const { primaryKey, secondaryKey } = texts(symmetricKey);
	const { primaryThumbprint, secondaryThumbprint } = texts(x509Thumbprint);
	if (type === "certificateAuthority") return { type };
	if (type === "selfSigned") {
		// The hub also keeps a secondary thumbprint alone, which no program may declare but every write must carry over.
		const found = {
			...(primaryThumbprint && { primaryThumbprint }),
			...(secondaryThumbprint && { secondaryThumbprint }),
		};
		const x509Thumbprint = found as Exclude<DeviceAuthentication["x509Thumbprint"], undefined>;
		return Object.keys(found).length === 0 ? { type } : { type, x509Thumbprint };
	}
	if (primaryKey === undefined || secondaryKey === undefined) return { type: "sas" };
	return { type: "sas", symmetricKey: { primaryKey, secondaryKey } };
}

/** The members that are texts and not empty; a gateway of 2026 writes `PrimaryThumbprint` with a capital. */
function texts(json: unknown): Readonly<Record<string, string | undefined>> {
	const pairs = Object.entries(members(json)).map(([name, value]) => [
		name.charAt(0).toLowerCase() + name.slice(1),
		textOf(value) || undefined,
	]);
	return Object.fromEntries(pairs);
}
