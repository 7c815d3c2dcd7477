import {
	IGNORED_SILENTLY,
	IGNORED_WITH_NOTICE,
	type ObjectSchema,
	type SourceValues,
} from "./objectSchema.ts";

/** What files say of a device. */
export type DeviceField =
	| "deviceId"
	| "moduleId"
	| "importMode"
	| "parent"
	| "deviceScope"
	| "parentScopes"
	| "iotEdge"
	| "status"
	| "statusReason"
	| "type"
	| "primaryKey"
	| "secondaryKey"
	| "primaryThumbprint"
	| "secondaryThumbprint";

/** All that a file says of a device. */
export type DeviceValues = SourceValues<DeviceField>;

const X509_SCHEMA: ObjectSchema<DeviceField> = {
	primaryThumbprint: { fact: "primaryThumbprint" },
	secondaryThumbprint: { fact: "secondaryThumbprint" },
};

/**
 * The names of a `FleetDevice`, and those that the service has for a device: in exports (`ExportImportDevice`), in answers
 * of its REST API (`Device`), and in twins, which `az iot hub device-identity list` shows.
 */
export const DEVICE_SCHEMA: ObjectSchema<DeviceField> = {
	deviceId: { fact: "deviceId" },
	id: { fact: "deviceId" },
	parent: { fact: "parent" },
	status: { fact: "status" },
	statusReason: { fact: "statusReason" },
	authentication: {
		within: {
			type: { fact: "type" },
			symmetricKey: {
				within: { primaryKey: { fact: "primaryKey" }, secondaryKey: { fact: "secondaryKey" } },
			},
			x509Thumbprint: { within: X509_SCHEMA },
		},
	},
	capabilities: { within: { iotEdge: { fact: "iotEdge" } } },
	deviceScope: { fact: "deviceScope" },
	parentScopes: { fact: "parentScopes" },
	importMode: { fact: "importMode" },
	moduleId: { fact: "moduleId" },
	authenticationType: { fact: "type" },
	x509Thumbprint: { within: X509_SCHEMA },
	tags: IGNORED_WITH_NOTICE,
	properties: IGNORED_WITH_NOTICE,
	cloudToDeviceMessageCount: IGNORED_SILENTLY,
	configurations: IGNORED_SILENTLY,
	connectionState: IGNORED_SILENTLY,
	connectionStateUpdatedTime: IGNORED_SILENTLY,
	deviceEtag: IGNORED_SILENTLY,
	etag: IGNORED_SILENTLY,
	generationId: IGNORED_SILENTLY,
	lastActivityTime: IGNORED_SILENTLY,
	modelId: IGNORED_SILENTLY,
	statusUpdateTime: IGNORED_SILENTLY,
	statusUpdatedTime: IGNORED_SILENTLY,
	twinETag: IGNORED_SILENTLY,
	version: IGNORED_SILENTLY,
};
