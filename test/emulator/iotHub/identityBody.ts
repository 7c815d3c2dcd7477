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

/** The place in a hierarchy of edge devices that a body asks for. */
export interface PlacementWish {
	readonly iotEdge: boolean;
	/** "" when absent. */
	readonly deviceScope: string;
	/** Undefined when absent; blank entries left out. */
	readonly parentScopes: readonly string[] | undefined;
}

/** What a PUT or a bulk item asks for, with the service's defaults filled in: what is left out is reset. */
export interface IdentityWish {
	readonly status: "enabled" | "disabled";
	readonly statusReason: string | null;
	readonly authentication: Authentication;
	/** "keep" when the api-version cannot speak of it. */
	readonly placement: PlacementWish | "keep";
}

/** The longest status reason, in characters. */
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

/** Reads `status` and `statusReason`, which every api-version writes alike. */
export function readStatus(body: JsonObject): Pick<IdentityWish, "status" | "statusReason"> {
	const statusReason = readTextField(body, "statusReason") ?? null;
	if (statusReason !== null && [...statusReason].length > LONGEST_REASON) {
		throw createArgumentError(`statusReason must not be longer than ${LONGEST_REASON} characters`);
	}
	return { status: readChoiceField(body, "status", ["enabled", "disabled"]) ?? "enabled", statusReason };
}

/** The alphabet and length that the .NET service client checks; the hub itself compares ids by their exact case. */
const DEVICE_ID = /^[A-Za-z0-9\-:.+%_#*?!(),=@;$']{1,128}$/;

/** Refuses with 400 a device or module id that the hub could not hold. */
export function requireId(id: string, name = "deviceId"): void {
	if (!DEVICE_ID.test(id))
		throw createArgumentError(`The value of ${name} is not a valid id: '${id.slice(0, 200)}'`);
}
