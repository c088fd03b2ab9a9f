/** Where AWS's serial consoles of a region are, and the key by which the place is known. */
export interface SerialEndpoint {
  readonly host: string;
  readonly fingerprint: string;
}

type Fingerprints = Readonly<Record<string, string>>;

const FIRST: Fingerprints = {
  'us-east-1': 'SHA256:dXwn5ma/xadVMeBZGEru5l2gx+yI5LDiJaLUcz0FMmw',
  'us-east-2': 'SHA256:EhwPkTzRtTY7TRSzz26XbB0/HvV9jRM7mCZN0xw/d/0',
  'us-west-1': 'SHA256:OHldlcMET8u7QLSX3jmRTRAPFHVtqbyoLZBMUCqiH3Y',
  'us-west-2': 'SHA256:EMCIe23TqKaBI6yGHainqZcMwqNkDhhAVHa1O2JxVUc',
  'ap-northeast-1': 'SHA256:RQfsDCZTOfQawewTRDV1t9Em/HMrFQe+CRlIOT5um4k',
  'ap-northeast-2': 'SHA256:FoqWXNX+DZ++GuNTztg9PK49WYMqBX+FrcZM2dSrqrI',
  'ap-south-1': 'SHA256:oBLXcYmklqHHEbliARxEgH8IsO51rezTPiSM35BsU40',
  'ap-southeast-1': 'SHA256:PLFNn7WnCQDHx3qmwLu1Gy/O8TUX7LQgZuaC6L45CoY',
  'ap-southeast-2': 'SHA256:yFvMwUK9lEUQjQTRoXXzuN+cW9/VSe9W984Cf5Tgzo4',
  'ca-central-1': 'SHA256:P2O2jOZwmpMwkpO6YW738FIOTHdUTyEv2gczYMMO7s4',
  'eu-central-1': 'SHA256:aCMFS/yIcOdOlkXvOl8AmZ1Toe+bBnrJJ3Fy0k0De2c',
  'eu-north-1': 'SHA256:tkGFFUVUDvocDiGSS3Cu8Gdl6w2uI32EPNpKFKLwX84',
  'eu-west-1': 'SHA256:h2AaGAWO4Hathhtm6ezs3Bj7udgUxi2qTrHjZAwCW6E',
  'eu-west-2': 'SHA256:a69rd5CE/AEG4Amm53I6lkD1ZPvS/BCV3tTPW2RnJg8',
  'eu-west-3': 'SHA256:q8ldnAf9pymeNe8BnFVngY3RPAr/kxswJUzfrlxeEWs',
  'sa-east-1': 'SHA256:rd2+/32Ognjew1yVIemENaQzC+Botbih62OqAPDq1dI',
};

const LATER: Fingerprints = {
  'af-south-1': 'SHA256:RMWWZ2fVePeJUqzjO5jL2KIgXsczoHlz21Ed00biiWI',
  'ap-east-1': 'SHA256:T0Q1lpiXxChoZHplnAkjbP7tkm2xXViC9bJFsjYnifk',
  'ap-east-2': 'SHA256:z1rsF5DE8aQqsHwBr/D40tR2GnyMqnScCUa1z1eFwDQ',
  'ap-northeast-3': 'SHA256:Am0/jiBKBnBuFnHr9aXsgEV3G8Tu/vVHFXE/3UcyjsQ',
  'ap-south-2': 'SHA256:WJgPBSwV4/shN+OPITValoewAuYj15DVW845JEhDKRs',
  'ap-southeast-3': 'SHA256:5ZwgrCh+lfns32XITqL/4O0zIfbx4bZgsYFqy3o8mIk',
  'ap-southeast-4': 'SHA256:Avaq27hFgLvjn5gTSShZ0oV7h90p0GG46wfOeT6ZJvM',
  'ap-southeast-5': 'SHA256:cQXTHQMRcqRdIjmAGoAMBSExeoRobYyRwT67yTjnEiA',
  'ap-southeast-6': 'SHA256:wNltdH0gVfM5uHJKjrw+ElFuKoJgalcSKqjCS+lLkv4',
  'ap-southeast-7': 'SHA256:KCAZiRYrR1Q2lqsg7vTwixWmvc2wmjVT31XRgSdEfDY',
  'ca-west-1': 'SHA256:s3rc8lI2xhbhr3iedjJNxGAFLPGOLjx7IxxXrGckk6Q',
  'eu-central-2': 'SHA256:8Ppx2mBMf6WdCw0NUlzKfwM4/IfRz4OaXFutQXWp6mk',
  'eu-south-1': 'SHA256:lC0kOVJnpgFyBVrxn0A7n99ecLbXSX95cuuS7X7QK30',
  'eu-south-2': 'SHA256:GoCW2DFRlu669QNxqFxEcsR6fZUz/4F4n7T45ZcwoEc',
  'il-central-1': 'SHA256:JR6q8v6kNNPi8+QSFQ4dj5dimNmZPTgwgsM1SNvtYyU',
  'me-central-1': 'SHA256:zpb5duKiBZ+l0dFwPeyykB4MPBYhI/XzXNeFSDKBvLE',
  'me-south-1': 'SHA256:nPjLLKHu2QnLdUq2kVArsoK5xvPJOMRJKCBzCDqC3k8',
  'mx-central-1': 'SHA256:BCuVl13iQNk+CcVnt18Ef4p2ZHUrBBAOxlFetB32GS0',
};

const CHINA: Fingerprints = {
  'cn-north-1': 'SHA256:2gHVFy4H7uU3+WaFUxD28v/ggMeqjvSlgngpgLgGT+Y',
  'cn-northwest-1': 'SHA256:TdgrNZkiQOdVfYEBUhO4SzUA09VWI5rYOZGTogpwmiM',
};

const GOVERNMENT: Fingerprints = {
  'us-gov-east-1': 'SHA256:tIwe19GWsoyLClrtvu38YEEh+DHIkqnDcZnmtebvF28',
  'us-gov-west-1': 'SHA256:kfOFRWLaOZfB+utbd3bRf8OlPf8nGO2YZLqXZiIw5DQ',
};

/** As AWS publishes them (EC2 user guide, "EC2 Serial Console endpoints and fingerprints"). */
export const SERIAL_ENDPOINTS: Readonly<Record<string, SerialEndpoint>> = {
  ...at((region) => `serial-console.ec2-instance-connect.${region}.aws`, FIRST),
  ...at((region) => `ec2-serial-console.${region}.api.aws`, LATER),
  ...at((region) => `ec2-serial-console.${region}.api.amazonwebservices.com.cn`, CHINA),
  ...at((region) => `serial-console.ec2-instance-connect.${region}.amazonaws.com`, GOVERNMENT),
};

function at(hostOf: (region: string) => string, fingerprints: Fingerprints): Readonly<Record<string, SerialEndpoint>> {
  return Object.fromEntries(
    Object.entries(fingerprints).map(([region, fingerprint]) => [region, { host: hostOf(region), fingerprint }]),
  );
}
