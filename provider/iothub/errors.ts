import { type ServiceError, UnreadableAnswer } from "../http/errors.ts";
import type { HttpResponse } from "../http/pipeline.ts";
import { createServiceError, parseJson } from "../http/response.ts";
import type { Hub } from "./hubs.ts";

/** Who was asked for what, for the error's text. */
export interface HubErrorContext {
	/** `creating device "gw-1" in hub fleet.azure-devices.net` */
	readonly operationName: string;
	/** What can be done about it, in a sentence. */
	suggestRemedy(error: HubErrorInfo): string;
}

/** What a service said of an error. */
export interface HubErrorInfo {
	readonly status: number;
	/** The service's own name for the error; empty where it gave none. */
	readonly code: string;
	/** The service's own words, as they came. */
	readonly message: string;
}

/** Reads an error out of any of the envelopes that IoT Hub and the gateways before it use. */
export function parseHubError(
	response: HttpResponse,
	{ operationName, suggestRemedy }: HubErrorContext,
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
	});
}

interface ErrorBody {
	readonly name?: string | undefined;
	readonly text: string;
}

/**
 * `{"Message":"ErrorCode:<Name>;<text>"}`, `{"errorCode":404001,"message":"…"}`, or the second as text inside the
 * first; anything else is not the service's and is not repeated.
 */
function parseErrorBody(response: HttpResponse): ErrorBody {
	const body = parseJson(response.text);
	if (typeof body !== "object" || body === null)
		return { text: response.text === "" ? "" : "the answer is no JSON" };
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
 * The names of IoT Hub's numeric error codes, status × 1000 + n ("IoT Hub common error codes", Microsoft Learn), as
 * far as a registry client meets them. Newer envelopes and bulk results carry the number only.
 */
export const ERROR_CODE_NAMES: Readonly<Record<number, string>> = {
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

/** What a request does, as far as permissions go. */
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

/** By which code a hub says that its edition does not have an operation, whoever asks. */
export const UNAVAILABLE_IN_TIER_CODE = "OperationNotAvailableInCurrentTier";

/** Why that is, of the operations that are used here. */
export const BASIC_TIER_LACKS_TWINS = "Hubs of the Basic editions have neither twins nor queries.";

/** What to do about a 401 or a 403: the permission or role that is missing, or what else may be wrong. */
export function suggestPermissionRemedy({ hostName, credential }: Hub, permission: HubPermission): string {
	const { policy, example, role } = PERMISSION_GRANTS[permission];
	if (credential.scheme === "entra") {
		return (
			`The ${credential.identity} needs the role ${role} on hub ${hostName} (an Owner or Contributor has no data ` +
			"permissions), and a new assignment takes some minutes to work."
		);
	}
	return (
		`The ${credential.identity} of hub ${hostName} needs the permission ${policy} (as the policy \`${example}\` has it), ` +
		`and the key must be one of its two current ones.${credential.describeClockSkew?.() ?? ""}`
	);
}

/**
 * Refuses an answer about another device than the one that was asked for. Ids are the same only in the same case.
 *
 * @param receivedId the id in the answer
 */
export function requireSameDevice(
	receivedId: unknown,
	{ operationName, deviceId }: { operationName: string; deviceId: string },
): void {
	if (receivedId === deviceId) return;
	throw new UnreadableAnswer(
		`${operationName} failed: the answer is about another device, ${JSON.stringify(receivedId)}`,
		200,
	);
}
