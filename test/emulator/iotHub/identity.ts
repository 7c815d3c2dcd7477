import type { TwinRecord } from "./twin.ts";

/** How a device or module proves who it is; "none" only for the modules of the edge runtime. */
export type AuthenticationType = "sas" | "selfSigned" | "certificateAuthority" | "none";

/** The credential of an identity as the hub stores it. */
export interface Authentication {
	readonly type: AuthenticationType;
	readonly primaryKey: string | null;
	readonly secondaryKey: string | null;
	readonly primaryThumbprint: string | null;
	readonly secondaryThumbprint: string | null;
}

/** What a device and a module have in common. */
export interface IdentityRecord {
	readonly deviceId: string;
	/** .NET ticks of the creation, as decimal text. */
	readonly generationId: string;
	/** The number inside the etag; every write adds one. */
	counter: number;
	authentication: Authentication;
	connected: boolean;
	/** .NET ticks; undefined is "never". */
	connectionStateUpdated: bigint | undefined;
	/** .NET ticks; undefined is "never". */
	lastActivity: bigint | undefined;
	cloudToDeviceMessageCount: number;
	twin: TwinRecord;
}

/** A module identity. */
export interface ModuleRecord extends IdentityRecord {
	readonly moduleId: string;
	managedBy: string | null;
}

/** A device identity with all that hangs on it. */
export interface DeviceRecord extends IdentityRecord {
	status: "enabled" | "disabled";
	statusReason: string | null;
	/** .NET ticks; undefined is "never". */
	statusUpdated: bigint | undefined;
	iotEdge: boolean;
	/** An edge device's own scope, or a leaf's parent's; undefined for a leaf without parent. */
	deviceScope: string | undefined;
	parentScopes: readonly string[];
	/** Virtual milliseconds of the creation, for lags. */
	readonly createdAt: number;
	readonly modules: Map<string, ModuleRecord>;
	/** The device before each of its latest changes, the oldest first; only as far as the query index lags. */
	former: readonly FormerDevice[];
}

/** A device as it was before a change. */
export interface FormerDevice {
	readonly device: DeviceRecord;
	/** Virtual milliseconds of the change. */
	readonly changedAt: number;
}
