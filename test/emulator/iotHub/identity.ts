import type { TwinRecord } from "./twin.ts";

/** How a device or module authenticates; "none" only for the modules of the edge runtime. */
export type AuthenticationType = "sas" | "selfSigned" | "certificateAuthority" | "none";

/** The credential of an identity as the hub stores it. */
export interface Authentication {
	readonly type: AuthenticationType;
	readonly primaryKey: string | null;
	readonly secondaryKey: string | null;
	readonly primaryThumbprint: string | null;
	readonly secondaryThumbprint: string | null;
}

/** The common members of a device and a module. */
export interface IdentityRecord {
	readonly deviceId: string;
	/** .NET ticks of the creation, as decimal digits. */
	readonly generationId: string;
	/** The number inside the etag; every write adds one. */
	counter: number;
	authentication: Authentication;
	connected: boolean;
	/** .NET ticks, or undefined for never. */
	connectionStateUpdated: bigint | undefined;
	/** .NET ticks, or undefined for never. */
	lastActivity: bigint | undefined;
	cloudToDeviceMessageCount: number;
	twin: TwinRecord;
}

/** A module identity. */
export interface ModuleRecord extends IdentityRecord {
	readonly moduleId: string;
	managedBy: string | null;
}

/** A device identity with its twin and modules. */
export interface DeviceRecord extends IdentityRecord {
	status: "enabled" | "disabled";
	statusReason: string | null;
	/** .NET ticks, or undefined for never. */
	statusUpdated: bigint | undefined;
	iotEdge: boolean;
	/** An edge device's own scope, or a leaf's parent's; undefined for a leaf without parent. */
	deviceScope: string | undefined;
	parentScopes: readonly string[];
	/** Virtual milliseconds of the creation, for the lags. */
	readonly createdAt: number;
	readonly modules: Map<string, ModuleRecord>;
	/** The device before each of its latest changes, oldest first, as far back as the query index lags. */
	former: readonly FormerDevice[];
}

/** A device as it was before a change. */
export interface FormerDevice {
	readonly device: DeviceRecord;
	/** Virtual milliseconds of the change. */
	readonly changedAt: number;
}
