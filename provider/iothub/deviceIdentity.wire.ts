import type { LiveObject } from "../resource/resourceType.ts";
import { asObject, asString, asStrings } from "../values.ts";
import { type DeviceAuthentication, type DeviceInputs, isEdge } from "./deviceIdentity.inputs.ts";
import type { ApiVersion } from "./settings.ts";
import { computeAgeMs, normalizeTimestamp } from "./timestamps.ts";
import { requireKeysToWrite } from "./withheldKeys.ts";

/** The inputs of a device that its body contains. */
export type DeviceBody = Omit<DeviceInputs, "hubHostName">;

/** One PUT of an existing device. */
export interface DeviceWrite {
	readonly body: object;
	/** The inputs that match the device after the write. */
	readonly resultingInputs: DeviceBody;
}

/** Encodes and decodes devices for one api-version. */
export interface DeviceCodec {
	readonly apiVersion: ApiVersion;
	/** Whether the api-version has device twins, and queries of them. */
	readonly hasTwins: boolean;
	/** Returns the body that creates a device. */
	encodeCreate(desired: DeviceBody): object;
	/**
	 * Returns the writes that give the device the desired values, in the order to send them. It is one write, rarely two.
	 *
	 * @throws an error if the writes would make the hub generate new keys because those of the device could not be read
	 */
	encodeUpdates(desired: DeviceBody, base: LiveObject<DeviceInputs>): readonly DeviceWrite[];
	/**
	 * Decodes the device in a response.
	 *
	 * @param serviceTimeMs the time of the response on the service's clock, in milliseconds since 1970
	 * @returns undefined if the JSON value is not a device
	 */
	decode(json: unknown, serviceTimeMs: number | undefined): LiveObject<DeviceInputs> | undefined;
}

/** The members of a device that every api-version encodes alike. */
export interface SharedDeviceFields {
	readonly deviceId: string;
	readonly generationId: string;
	/** All members of the body. */
	readonly body: Readonly<Record<string, unknown>>;
	/** The members of a live object that they determine. */
	readonly live: Pick<LiveObject<DeviceInputs>, "etag" | "uid" | "ageMs">;
}

/** Decodes the members that all api-versions share; undefined if the JSON value is not a device. */
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
		// The reference documents a weak etag (RFC 7232). The service was seen to send it without quotes.
		etag: etag.replace(/^(?:W\/)?"|"$/g, ""),
		uid: generationId,
		...(ageMs === undefined ? {} : { ageMs }),
	};
	return { deviceId, generationId, body, live };
}

/**
 * The codec of api-version 2021-04-12. A PUT replaces the whole device: members that the body omits are reset. An update
 * therefore contains every member, above all the keys ("Devices – Create Or Update Identity"; the service was seen to do so).
 */
export const wire2021: DeviceCodec = {
	apiVersion: "2021-04-12",
	hasTwins: true,
	encodeCreate: (desired) => encodeDevice(desired, pickScopes(desired)),
	encodeUpdates: (desired, base) => encodeDeviceUpdates(desired, base),
	decode: decodeDevice,
};

/** The scopes in a body: a leaf device has its parent in `deviceScope`, a gateway in `parentScopes`. */
type ScopeFields = Pick<DeviceInputs, "deviceScope" | "parentScopes">;

function encodeDevice(desired: DeviceBody, scopes: ScopeFields): object {
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

function pickScopes({ deviceScope, parentScopes }: DeviceBody): ScopeFields {
	return {
		...(deviceScope === undefined ? {} : { deviceScope }),
		...(parentScopes === undefined ? {} : { parentScopes }),
	};
}

/**
 * Returns the writes of an update. A gateway's own scope must be sent back. The write that sets a parent cannot also
 * remove that scope. Throws for a device whose keys could not be read.
 */
function encodeDeviceUpdates(desired: DeviceBody, base: LiveObject<DeviceInputs>): readonly DeviceWrite[] {
	requireKeysToWrite(desired, base);
	const ownScope = asString(base.computed["deviceScope"]) ?? "";
	const wasEdge = isEdge(base.values);
	const { deviceScope = "", parentScopes = [] } = desired;
	const createWrite = (scopes: ScopeFields, resultingInputs = desired): DeviceWrite => ({
		body: encodeDevice(desired, scopes),
		resultingInputs,
	});
	if (isEdge(desired)) return [createWrite({ deviceScope: wasEdge ? ownScope : "", parentScopes })];
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
	const iotEdge = isEdge(body);
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
		// A program cannot declare a secondary thumbprint alone, but the hub keeps one, and every write must contain it.
		const x509Thumbprint = {
			...(primaryThumbprint && { primaryThumbprint }),
			...(secondaryThumbprint && { secondaryThumbprint }),
		};
		return Object.keys(x509Thumbprint).length === 0 ? { type } : { type, x509Thumbprint };
	}
	if (primaryKey === undefined || secondaryKey === undefined) return { type: "sas" };
	return { type: "sas", symmetricKey: { primaryKey, secondaryKey } };
}

/** Returns the members that are non-empty strings. Seen in 2026: a gateway writes `PrimaryThumbprint` with a capital. */
function readNonEmptyStrings(json: unknown): Readonly<Record<string, string | undefined>> {
	const pairs = Object.entries(asObject(json)).map(([name, value]) => [
		name.charAt(0).toLowerCase() + name.slice(1),
		asString(value) || undefined,
	]);
	return Object.fromEntries(pairs);
}
