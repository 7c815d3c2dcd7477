import { ServiceError, UnreadableAnswer } from "../http/errors.ts";
import type { HttpResponse } from "../http/pipeline.ts";
import { createServiceError, parseJson } from "../http/response.ts";
import type { FaultScope } from "../sharedFault.ts";
import type { Hub } from "./hubs.ts";

/** Context for the error message. */
export interface HubErrorContext {
	/** `creating device "gw-1" in hub fleet.azure-devices.net` */
	readonly operationName: string;
	/** Suggests what to do about the error, as a sentence; empty if nothing is known. */
	suggestRemedy(error: HubErrorInfo): string;
	/** Returns what the error concerns besides the device. */
	findScope(error: HubErrorInfo): FaultScope | undefined;
}

/** An error reported by a hub. */
export interface HubErrorInfo {
	readonly status: number;
	/** The hub's name for the error; empty if it sent none. */
	readonly code: string;
	/** The hub's message, as received. */
	readonly message: string;
}

/** Parses an error from any of the envelopes that IoT Hub and its gateways use. */
export function parseHubError(
	response: HttpResponse,
	{ operationName, suggestRemedy, findScope }: HubErrorContext,
): ServiceError {
	const { status, headers } = response;
	const { name, text } = parseErrorBody(response);
	const serviceCode = headers["iothub-errorcode"] ?? name ?? "";
	const requestId = headers["x-ms-request-id"];
	const error = { status, code: serviceCode, message: text };
	return createServiceError(response, {
		operationName,
		text,
		serviceCode,
		requestId,
		remedy: suggestRemedy(error),
		scope: findScope(error),
	});
}

interface ErrorBody {
	readonly name?: string | undefined;
	readonly text: string;
}

/**
 * Parses `{"Message":"ErrorCode:<Name>;<text>"}`, `{"errorCode":404001,"message":"…"}`, or the second as a string in the
 * first. Any other body is not from the hub and is not shown.
 */
function parseErrorBody(response: HttpResponse): ErrorBody {
	const body = parseJson(response.text);
	if (typeof body !== "object" || body === null)
		return { text: response.text === "" ? "" : "the response is not JSON" };
	return parseNumericEnvelope(body) ?? parseMessageEnvelope(body) ?? { text: "" };
}

function parseMessageEnvelope(body: object): ErrorBody | undefined {
	const message = "Message" in body ? body.Message : undefined;
	if (typeof message !== "string") return undefined;
	const inner = message.trimStart().startsWith("{") ? parseJson(message) : undefined;
	if (typeof inner === "object" && inner !== null) return parseNumericEnvelope(inner) ?? { text: "" };
	const [, name, text] = /^ErrorCode:(\w+);([\s\S]*)$/.exec(message) ?? [];
	return { name, text: text ?? message };
}

function parseNumericEnvelope(body: object): ErrorBody | undefined {
	const code = "errorCode" in body ? Number(body.errorCode) : Number.NaN;
	if (!Number.isInteger(code)) return undefined;
	const text = "message" in body && typeof body.message === "string" ? body.message : "";
	return { name: ERROR_CODE_NAMES[code], text };
}

/**
 * The names of IoT Hub's numeric error codes, status × 1000 + n ("IoT Hub common error codes", Microsoft Learn), that a
 * client of the registry can receive. Newer envelopes and bulk results contain only the number.
 */
const ERROR_CODE_NAMES: Readonly<Record<number, string>> = {
	400001: "InvalidProtocolVersion",
	400004: "ArgumentInvalid",
	400005: "ArgumentNull",
	400011: "DeviceDefinedMultipleTimes",
	400013: "BulkRegistryOperationFailure",
	400023: "EtagDoesNotMatch",
	400028: "InvalidDeviceScope",
	401000: "GenericUnauthorized",
	401002: "IotHubUnauthorizedAccess",
	401003: "IotHubUnauthorized",
	403002: "IotHubQuotaExceeded",
	403010: "OperationNotAvailableInCurrentTier",
	404001: "DeviceNotFound",
	404010: "ModuleNotFound",
	409001: "DeviceAlreadyExists",
	409301: "ModuleAlreadyExistsOnDevice",
	412001: "PreconditionFailed",
	413002: "TooManyDevices",
	429001: "ThrottlingException",
	500001: "ServerError",
	503001: "ServiceUnavailable",
	503005: "ServerBusy",
};

/** Codes of a 403 that concern one device ("IoT Hub common error codes", Microsoft Learn). */
const REFUSALS_OF_ONE_DEVICE: ReadonlySet<string> = new Set([
	"DeviceDisabled",
	"DeviceMaximumQueueDepthExceeded",
]);

/** Whether the hub refuses every request of this permission: the key, the policy, the role, a firewall or a quota of the hub. */
export function isRefusalOfAllDevices({ status, code }: HubErrorInfo): boolean {
	return status === 401 || (status === 403 && !REFUSALS_OF_ONE_DEVICE.has(code));
}

/** The permission that a request needs. */
export type HubPermission = "registryRead" | "registryWrite" | "twinRead" | "query";

/** The policy permission and the Entra role that grant each ("Control access to IoT Hub", Microsoft Learn). */
const PERMISSION_GRANTS: Readonly<Record<HubPermission, { policy: string; example: string; role: string }>> =
	{
		registryRead: {
			policy: "RegistryRead",
			example: "registryRead",
			role: "IoT Hub Registry Contributor or IoT Hub Data Reader",
		},
		registryWrite: {
			policy: "RegistryWrite",
			example: "registryReadWrite",
			role: "IoT Hub Registry Contributor",
		},
		twinRead: {
			policy: "ServiceConnect",
			example: "service",
			role: "IoT Hub Twin Contributor or IoT Hub Data Reader",
		},
		query: {
			policy: "ServiceConnect",
			example: "service",
			role: "IoT Hub Twin Contributor or IoT Hub Data Reader",
		},
	};

/** The error code for an operation that the hub's edition does not have. */
export const UNAVAILABLE_IN_TIER_CODE = "OperationNotAvailableInCurrentTier";

/** The explanation of {@link UNAVAILABLE_IN_TIER_CODE} for the operations that this package uses. */
export const BASIC_TIER_LACKS_TWINS = "Hubs of the Basic editions have neither twins nor queries.";

/** Suggests what to do about a 401 or a 403: the missing permission or role, and other possible causes. */
export function suggestPermissionRemedy({ hostName, credential }: Hub, permission: HubPermission): string {
	const { policy, example, role } = PERMISSION_GRANTS[permission];
	if (credential.scheme === "entra") {
		return (
			`The ${credential.identity} needs the role ${role} on hub ${hostName}. The roles Owner and Contributor have no ` +
			"data permissions. A new role assignment takes a few minutes to take effect."
		);
	}
	return (
		`The key of the ${credential.identity} of hub ${hostName} must be one of its two current keys, and the policy needs the ` +
		`permission ${policy} (which \`${example}\` has).${credential.describeClockSkew?.() ?? ""}`
	);
}

/**
 * Throws if a response is about a different device than requested. Device ids are case-sensitive.
 *
 * @param receivedId the id in the response
 */
export function requireSameDevice(
	receivedId: unknown,
	{ operationName, deviceId }: { operationName: string; deviceId: string },
): void {
	if (receivedId === deviceId) return;
	throw new UnreadableAnswer(
		`${operationName} failed: the response is about another device, ${JSON.stringify(receivedId)}`,
		200,
	);
}

/** Whether the hub itself reported that the device does not exist; the 404 of a proxy proves nothing. */
export function isDeviceNotFound(error: unknown): error is ServiceError {
	return error instanceof ServiceError && error.status === 404 && error.serviceCode === "DeviceNotFound";
}
