import type { CsvColumns } from "./csvColumns.ts";

/** A machine as a line of the list names it; it fits `AutopilotIdentityArgs`. What the list leaves blank is absent. */
export interface AutopilotCsvRow {
	/**
	 * "Device Serial Number", to the letter and with its blanks: exports hold what the firmware says, and firmware pads.
	 * Not unique: unlike machines may say "Default string".
	 */
	serialNumber: string;
	/** "Hardware Hash", in base64. It describes the machine and its owner: keep it like a secret. */
	hardwareIdentifier: string;
	/** "Windows Product ID", mostly blank. */
	productKey?: string;
	/** "Group Tag", in old lists "Order ID". */
	groupTag?: string;
	/** "Assigned User". */
	assignedUserPrincipalName?: string;
}

/** What a column says about a machine. */
export type MachineProperty = keyof AutopilotCsvRow;

/**
 * The portal's columns in its order ("Manually register devices with Windows Autopilot"); the former name of the group
 * tag; and those that `Get-WindowsAutopilotInfo -Partner` writes for the Partner Center.
 */
export const AUTOPILOT_COLUMNS: CsvColumns<MachineProperty> = {
	all: [
		{ title: "Device Serial Number", property: "serialNumber" },
		{ title: "Windows Product ID", property: "productKey" },
		{ title: "Hardware Hash", property: "hardwareIdentifier" },
		{ title: "Group Tag", property: "groupTag" },
		{ title: "Assigned User", property: "assignedUserPrincipalName" },
		{ title: "Order ID", property: "groupTag" },
		{ title: "Manufacturer name" },
		{ title: "Device model" },
	],
	required: ["serialNumber", "hardwareIdentifier"],
};
