/** A device of the data file, with defaults filled in. */
export interface Device {
	/** The name in the file and in Pulumi. */
	readonly name: string;
	/** The id in the hub. */
	readonly id: string;
	readonly site: string;
	readonly edge: boolean;
	/** The name of the gateway that it connects through. */
	readonly parent?: string;
	readonly status: "enabled" | "disabled";
	readonly reason?: string;
	readonly authentication: "sas" | "selfSigned" | "certificateAuthority";
	readonly keys: "hub" | "derived";
	readonly thumbprint?: string;
	readonly nextThumbprint?: string;
}

/** A position in the data file; both numbers start at 1. */
export interface Place {
	readonly line: number;
	readonly column: number;
}

/** A device and its position in the data file. */
export interface Entry {
	readonly device: Device;
	readonly place: Place;
	/** Whether all members are valid; an invalid one has its default. */
	readonly sound: boolean;
	/** The position of the value of each member that the file contains. */
	readonly places: { readonly [Member in keyof Device]?: Place };
}

/** An error in the data file. */
export interface Fault {
	readonly place: Place;
	readonly text: string;
}
