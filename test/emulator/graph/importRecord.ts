import type { DdsErrorName } from "./ddsErrors.ts";

/** The values of the type `importedWindowsAutopilotDeviceIdentityImportStatus` that the service was seen to use. */
export type ImportStatus = "unknown" | "pending" | "complete" | "error";

/** What a client says of a machine to be imported. */
export interface ImportWish {
	groupTag: string;
	serialNumber: string;
	productKey: string;
	/** undefined where the client gives none. */
	importId: string | undefined;
	/** The 4K hash, "" for none. Never given out again. */
	hardwareIdentifier: string;
	assignedUserPrincipalName: string;
	/** The group tag's former name; only the routes of the profile "seed" know it. */
	orderIdentifier: string;
}

/** How far an import is. */
export interface ImportState {
	readonly status: ImportStatus;
	readonly registrationId: string;
	readonly errorCode: number;
	readonly errorName: DdsErrorName | "None" | "";
}

/** The status record of one import. */
export interface ImportRecord extends ImportWish {
	readonly id: string;
	readonly importId: string;
	/** The call that it came with. */
	readonly batch: string;
	/** The upload that it belongs to, if any. */
	readonly upload: string | undefined;
	/** Virtual milliseconds since 1970. */
	readonly createdAt: number;
	state: ImportState;
	/** Counts its changes. */
	revision: number;
}

/** The state of an import that waits in the queue. */
export const QUEUED: ImportState = { status: "unknown", registrationId: "", errorCode: 0, errorName: "" };
