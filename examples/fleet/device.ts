/** A device as the data file has it, defaults filled in. */
export interface Device {
	/** What it is called in the file and in Pulumi. */
	readonly name: string;
	/** Its id in the hub. */
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

/** A place in the data file, both counted from 1. */
export interface Place {
	readonly line: number;
	readonly column: number;
}

/** A device and where in the data file it stands. */
export interface Entry {
	readonly device: Device;
	readonly place: Place;
	/** Whether all members are well written; those that are not have their default. */
	readonly sound: boolean;
	/** Where the value of each member stands that the file gives. */
	readonly places: { readonly [Member in keyof Device]?: Place };
}

/** Something wrong in the data file. */
export interface Fault {
	readonly place: Place;
	readonly text: string;
}
