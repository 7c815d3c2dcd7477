import type { LiveObject } from "../resource/resourceType.ts";
import { asObject, asString, asStrings } from "../values.ts";
import type { DeviceAuthentication, DeviceInputs } from "./deviceIdentity.inputs.ts";
import type { ApiVersion } from "./settings.ts";
import { computeAgeMs, normalizeTimestamp } from "./timestamps.ts";

/** One PUT of an existing device. */
export interface DeviceWrite {
	readonly body: object;
	/** The device as it is afterwards. */
	readonly resultingInputs: DeviceInputs;
}

/** One dialect of the service: how a device is written down in its bodies. */
export interface DeviceCodec {
	readonly apiVersion: ApiVersion;
	/** Whether the dialect's service has device twins, by which drift can be probed. */
	readonly hasTwins: boolean;
	/** The body that creates a device. */
	encodeCreate(desired: DeviceInputs): object;
	/** The writes that make the device as desired, to be sent in this order: one, seldom two. */
	encodeUpdates(desired: DeviceInputs, base: LiveObject<DeviceInputs>): readonly DeviceWrite[];
	/**
	 * Reads a device out of an answer.
	 *
	 * @param serviceTimeMs the service's clock at that moment in milliseconds since 1970, where it told
	 * @returns undefined where the JSON value is no device
	 */
	decode(json: unknown, serviceTimeMs: number | undefined): LiveObject<DeviceInputs> | undefined;
}

/** What every dialect says of a device in the same words. */
export interface SharedDeviceFields {
	readonly deviceId: string;
	readonly generationId: string;
	/** All members of the body. */
	readonly body: Readonly<Record<string, unknown>>;
	/** The part of a live object that these make. */
	readonly live: Pick<LiveObject<DeviceInputs>, "etag" | "uid" | "ageMs">;
}

/** Reads what all dialects share; undefined where the JSON value is no device. */
export function parseSharedFields(
	json: unknown,
	serviceTimeMs: number | undefined,
): SharedDeviceFields | undefined {
	const body = asObject(json);
	const deviceId = asString(body["deviceId"]);
	const etag = asString(body["etag"]);
	const generationId = asString(body["generationId"]);
	if (deviceId === undefined || etag === undefined || generationId === undefined) return undefined;
	const ageMs = computeAgeMs(generationId, serviceTimeMs);
	const live = {
		// The reference calls it weak (RFC 7232); what the service was seen to send is the bare text.
		etag: etag.replace(/^(?:W\/)?"|"$/g, ""),
		uid: generationId,
		...(ageMs === undefined ? {} : { ageMs }),
	};
	return { deviceId, generationId, body, live };
}

/**
 * The dialect of api-version 2021-04-12. A PUT replaces the device whole: whatever a body leaves out is reset, so an
 * update carries every member, the keys above all ("Devices – Create Or Update Identity", and what the service does).
 */
export const wire2021: DeviceCodec = {
	apiVersion: "2021-04-12",
	hasTwins: true,
	encodeCreate: (desired) => encodeDevice(desired, pickScopes(desired)),
	encodeUpdates: (desired, base) => encodeDeviceUpdates(desired, base),
	decode: decodeDevice,
};

/** What a parent looks like in a body: leaves have it in `deviceScope`, gateways in `parentScopes`. */
type ScopeFields = Pick<DeviceInputs, "deviceScope" | "parentScopes">;

function encodeDevice(desired: DeviceInputs, scopes: ScopeFields): object {
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

function pickScopes({ deviceScope, parentScopes }: DeviceInputs): ScopeFields {
	return {
		...(deviceScope === undefined ? {} : { deviceScope }),
		...(parentScopes === undefined ? {} : { parentScopes }),
	};
}

/** A gateway's own scope must be echoed, and can't be taken off in the same write that names a new parent. */
function encodeDeviceUpdates(desired: DeviceInputs, base: LiveObject<DeviceInputs>): readonly DeviceWrite[] {
	const ownScope = asString(base.computed["deviceScope"]) ?? "";
	const wasEdge = base.values.capabilities?.iotEdge === true;
	const { deviceScope = "", parentScopes = [] } = desired;
	const createWrite = (scopes: ScopeFields, resultingInputs = desired): DeviceWrite => ({
		body: encodeDevice(desired, scopes),
		resultingInputs,
	});
	if (desired.capabilities?.iotEdge === true)
		return [createWrite({ deviceScope: wasEdge ? ownScope : "", parentScopes })];
	if (!wasEdge) return [createWrite({ deviceScope })];
	if (deviceScope === "") return [createWrite({ deviceScope: ownScope })];
	const { deviceScope: _, ...withoutParent } = desired;
	return [createWrite({ deviceScope: ownScope }, withoutParent), createWrite({ deviceScope })];
}

function encodeAuthentication({ type, symmetricKey, x509Thumbprint }: DeviceAuthentication): object {
	return {
		type,
		...(symmetricKey === undefined ? {} : { symmetricKey }),
		...(x509Thumbprint === undefined ? {} : { x509Thumbprint }),
	};
}

function decodeDevice(
	json: unknown,
	serviceTimeMs: number | undefined,
): LiveObject<DeviceInputs> | undefined {
	const shared = parseSharedFields(json, serviceTimeMs);
	if (shared === undefined) return undefined;
	const { body, deviceId, generationId, live } = shared;
	return {
		...live,
		values: decodeInputs(body, deviceId),
		computed: decodeComputedFields(body, generationId),
	};
}

function decodeInputs(body: Readonly<Record<string, unknown>>, deviceId: string): Partial<DeviceInputs> {
	const iotEdge = asObject(body["capabilities"])["iotEdge"] === true;
	const statusReason = asString(body["statusReason"]);
	const scope = asString(body["deviceScope"]);
	const parents = asStrings(body["parentScopes"]);
	return {
		deviceId,
		status: body["status"] === "disabled" ? "disabled" : "enabled",
		...(statusReason ? { statusReason } : {}),
		authentication: decodeAuthentication(body["authentication"]),
		capabilities: { iotEdge },
		...(iotEdge && parents.length > 0 ? { parentScopes: parents } : {}),
		...(!iotEdge && scope ? { deviceScope: scope } : {}),
	};
}

function decodeComputedFields(
	body: Readonly<Record<string, unknown>>,
	generationId: string,
): LiveObject<DeviceInputs>["computed"] {
	const parents = asStrings(body["parentScopes"]);
	return {
		generationId,
		deviceScope: asString(body["deviceScope"]) || undefined,
		parentScopes: parents.length > 0 ? parents : undefined,
		statusUpdatedTime: normalizeTimestamp(body["statusUpdatedTime"]),
		connectionState: asString(body["connectionState"]),
		connectionStateUpdatedTime: normalizeTimestamp(body["connectionStateUpdatedTime"]),
		lastActivityTime: normalizeTimestamp(body["lastActivityTime"]),
		cloudToDeviceMessageCount: body["cloudToDeviceMessageCount"],
	};
}

function decodeAuthentication(json: unknown): DeviceAuthentication {
	const { type, symmetricKey, x509Thumbprint } = asObject(json);
	const { primaryKey, secondaryKey } = readNonEmptyStrings(symmetricKey);
	const { primaryThumbprint, secondaryThumbprint } = readNonEmptyStrings(x509Thumbprint);
	if (type === "certificateAuthority") return { type };
	if (type === "selfSigned") {
		// The hub also keeps a secondary thumbprint alone, which no program may declare but every write must carry over.
		const thumbprints = {
			...(primaryThumbprint && { primaryThumbprint }),
			...(secondaryThumbprint && { secondaryThumbprint }),
		};
		const x509Thumbprint = thumbprints as Exclude<DeviceAuthentication["x509Thumbprint"], undefined>;
		return Object.keys(thumbprints).length === 0 ? { type } : { type, x509Thumbprint };
	}
	if (primaryKey === undefined || secondaryKey === undefined) return { type: "sas" };
	return { type: "sas", symmetricKey: { primaryKey, secondaryKey } };
}

/** The members that are texts and not empty; a gateway of 2026 writes `PrimaryThumbprint` with a capital. */
function readNonEmptyStrings(json: unknown): Readonly<Record<string, string | undefined>> {
	const pairs = Object.entries(asObject(json)).map(([name, value]) => [
		name.charAt(0).toLowerCase() + name.slice(1),
		asString(value) || undefined,
	]);
	return Object.fromEntries(pairs);
}
