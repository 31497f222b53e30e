{{ typed_rows('wecom', 'contacts') }}
