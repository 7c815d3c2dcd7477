import type { JsonObject } from "../json.ts";
import { readAuthentication } from "./authenticationBody.ts";
import {
	readBooleanField,
	readChoiceField,
	readObjectField,
	readTextField,
	readTextsField,
} from "./bodyFields.ts";
import { createArgumentError } from "./hubError.ts";
import type { Authentication } from "./identity.ts";

/** The place in a hierarchy of edge devices that a body declares. */
export interface PlacementWish {
	readonly iotEdge: boolean;
	/** "" when absent. */
	readonly deviceScope: string;
	/** Undefined if absent; without blank entries. */
	readonly parentScopes: readonly string[] | undefined;
}

/** The values of a PUT or a bulk item, completed with the service's defaults: omitted members are reset. */
export interface IdentityWish {
	readonly status: "enabled" | "disabled";
	readonly statusReason: string | null;
	readonly authentication: Authentication;
	/** "keep" if the api-version has no hierarchy. */
	readonly placement: PlacementWish | "keep";
}

/** The maximum length of a status reason, in characters. */
const LONGEST_REASON = 128;

/** Reads a device body of 2018 and later. Read-only and unknown members are ignored. */
export function readIdentity(body: JsonObject): IdentityWish {
	return {
		...readStatus(body),
		authentication: readAuthentication(body, "refused"),
		placement: {
			iotEdge: readBooleanField(readObjectField(body, "capabilities") ?? {}, "iotEdge") ?? false,
			deviceScope: (readTextField(body, "deviceScope") ?? "").trim(),
			parentScopes: readTextsField(body, "parentScopes"),
		},
	};
}

/** Reads `status` and `statusReason`, which are the same in every api-version. */
export function readStatus(body: JsonObject): Pick<IdentityWish, "status" | "statusReason"> {
	const statusReason = readTextField(body, "statusReason") ?? null;
	if (statusReason !== null && [...statusReason].length > LONGEST_REASON) {
		throw createArgumentError(`statusReason must not be longer than ${LONGEST_REASON} characters`);
	}
	return { status: readChoiceField(body, "status", ["enabled", "disabled"]) ?? "enabled", statusReason };
}

/** The alphabet and length that the .NET service client checks; the hub itself compares ids case-sensitively. */
const DEVICE_ID = /^[A-Za-z0-9\-:.+%_#*?!(),=@;$']{1,128}$/;

/** Rejects with 400 a device or module id that is invalid. */
export function requireId(id: string, name = "deviceId"): void {
	if (!DEVICE_ID.test(id))
		throw createArgumentError(`The value of ${name} is not a valid id: '${id.slice(0, 200)}'`);
}
