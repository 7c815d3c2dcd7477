import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { AuthenticationArgs, SymmetricKeyArgs } from "pulumi-device-identity";
import type { Device } from "./device";

/** How a device proves itself, in the hub's words. */
export function authenticationOf(device: Device): AuthenticationArgs {
	const { authentication: type, keys, thumbprint = "", nextThumbprint } = device;
	switch (type) {
		case "sas":
			return keys === "derived" ? { type, symmetricKey: derivedKeys(device.id) } : { type };
		case "selfSigned":
			return {
				type,
				x509Thumbprint: {
					primaryThumbprint: thumbprint,
					...(nextThumbprint === undefined ? {} : { secondaryThumbprint: nextThumbprint }),
				},
			};
		case "certificateAuthority":
			return { type };
	}
}

/**
 * Keys that the maker of a device can compute as well, from the secret `groupKey` and the id: an HMAC, as the Device
 * Provisioning Service derives the keys of an enrollment group. They are secrets, for the group's key is one.
 */
function derivedKeys(id: string): pulumi.Output<SymmetricKeyArgs> {
	const groupKey = new pulumi.Config().requireSecret("groupKey");
	return groupKey.apply((key) => ({
		primaryKey: hmac(key, id),
		secondaryKey: hmac(key, `${id}/secondary`),
	}));
}

function hmac(key: string, text: string): string {
	return createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
}
